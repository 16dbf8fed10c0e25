import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type CompiledService, startCompiled } from '../support/compiled-service.ts';
import { plainPicture } from '../support/photos.ts';
import { runCommand } from '../support/run-command.ts';
import { smallPhoto } from '../support/small-photos.ts';
import { Client } from './client.ts';

// Real models and stores on what may be two busy cores.
vi.setConfig({ testTimeout: 180_000 });

let dataDir: string;
let server: CompiledService;
let s3: S3Client;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'openfrs-enrol-'));
  server = await startCompiled(dataDir);
  const { credentials } = server;
  s3 = new S3Client({
    endpoint: credentials.AWS_ENDPOINT_URL_S3,
    region: credentials.AWS_REGION,
    credentials: {
      accessKeyId: credentials.AWS_ACCESS_KEY_ID,
      secretAccessKey: credentials.AWS_SECRET_ACCESS_KEY,
    },
  });
  const fields = { badge: { type: 'integer' } };
  await new Client(credentials).post('/face-sets', { face_set_name: 'staff', external_fields: fields });
});
afterAll(async () => {
  s3?.destroy();
  await server?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

const put = (name: string, Body: Buffer, Metadata: Record<string, string> = {}, set = 'staff') => {
  const { FRS_BUCKET, FRS_PROJECT_ID } = server.credentials;
  return s3.send(
    new PutObjectCommand({
      Bucket: FRS_BUCKET,
      Key: `enrol/${FRS_PROJECT_ID}/${set}/${name}`,
      Body,
      Metadata,
    }),
  );
};

async function openfrs(line: string) {
  const { code, out } = await runCommand([...line.split(' '), '--json'], { FRS_DATA_DIR: dataDir });
  return { code, rows: JSON.parse(out) as Record<string, string>[] };
}

const faceNumber = async () => {
  const { FRS_ENDPOINT } = server.credentials;
  expect(FRS_ENDPOINT).toBe(server.endpoint);
  const found = await new Client(server.credentials).post<{ faces: unknown[] }>('/face-sets/staff/search', {
    image_base64: smallPhoto(1).toString('base64'),
    top_n: 1000,
  });
  return found.body.faces.length;
};

describe('a photo put into the bucket', () => {
  test('is found by search within seconds, with its fields', async () => {
    await put('her.jpg', smallPhoto(3), { badge: '7' });
    await vi.waitFor(
      async () => {
        const [first] = await new Client(server.credentials).search('staff', smallPhoto(1));
        expect(first).toMatchObject({ external_image_id: 'her', external_fields: { badge: 7 } });
        expect(first?.similarity).toBeGreaterThan(0.93);
      },
      { timeout: 50_000, interval: 300 },
    );
  });

  test('that is refused is a dead letter until it is tried again and enrolled', async () => {
    const before = await faceNumber();
    await put('nobody.bmp', plainPicture(200, 200));
    await put('ann.jpg', smallPhoto(3), {}, 'guests');
    const named = (name: string) => expect.objectContaining({ key: expect.stringContaining(name) as string });
    await expect
      .poll(() => openfrs('dead-letters list'), { timeout: 50_000, interval: 300 })
      .toEqual({ code: 0, rows: expect.arrayContaining([named('nobody.bmp'), named('guests/ann.jpg')]) });
    expect(await faceNumber()).toBe(before);
    const client = new Client(server.credentials);
    await client.post('/face-sets', { face_set_name: 'guests' });
    const { code, rows } = await openfrs('dead-letters retry');
    expect([code, new Set(rows.map(({ state }) => state))]).toEqual([1, new Set(['enrolled', 'refused'])]);
    expect((await client.search('guests', smallPhoto(1)))[0]).toMatchObject({ external_image_id: 'ann' });
    const left = await openfrs('dead-letters list');
    expect(left.rows).toEqual([named('nobody.bmp')]);
    expect(left.rows[0]?.reason).toMatch(/^FRS\.0404/);
    expect((await openfrs(`dead-letters retry ${left.rows[0]?.id}`)).rows).toMatchObject([
      { state: 'refused' },
    ]);
    expect(await faceNumber()).toBe(before);
  });

  test('and deleted again stays enrolled, unless that is wished otherwise', async () => {
    const before = await faceNumber();
    const { FRS_BUCKET, FRS_PROJECT_ID } = server.credentials;
    await s3.send(
      new DeleteObjectCommand({ Bucket: FRS_BUCKET, Key: `enrol/${FRS_PROJECT_ID}/staff/her.jpg` }),
    );
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await faceNumber()).toBe(before);
  });
});
