import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { NewFace } from '@openfrs/core';
import { type LocalServer, startLocal } from '@openfrs/server';
import { parts } from '@openfrs/service';
import { defaultLimits } from '@openfrs/store';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { describeWithData, sharedData } from '../support/shared-data.ts';
import { smallPhoto } from '../support/small-photos.ts';
import { Client, type Faces } from './client.ts';

// Real models and stores on what may be two busy cores.
vi.setConfig({ testTimeout: 180_000 });

let dataDir: string;
let server: LocalServer;
const start = (settings: Readonly<Record<string, string>> = {}) =>
  startLocal({ dataDir, port: 0, environment: { ...process.env, ...settings } });
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'openfrs-e2e-'));
  server = await start();
});
afterAll(async () => {
  await server?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

/** The threshold at which one in 10,000 pairs of different people would be called the same. */
const samePerson = 0.93;

describe('the demo of the README', () => {
  test('enrols several people and finds one of them again by another photo, also after a restart', async () => {
    const client = new Client(server.credentials);
    const created = await client.post('/face-sets', { face_set_name: 'demo' });
    expect(created.status).toBe(200);
    for (const number of [2, 3, 4, 5, 6] as const)
      await client.enrol('demo', smallPhoto(number), `photo${number}`);
    const found = await client.search('demo', smallPhoto(1));
    expect(found.map(({ external_image_id }) => external_image_id)).toHaveLength(5);
    expect(found[0]).toMatchObject({ external_image_id: 'photo3' });
    expect(found[0]?.similarity).toBeGreaterThan(samePerson);
    for (const other of found.slice(1)) expect(other.similarity).toBeLessThan(samePerson);

    const before = server.credentials;
    await server.stop();
    // For the test after this one.
    server = await start({ FRS_STORE_CROPS: '1' });
    const { FRS_PROJECT_ID, FRS_PASSWORD, FRS_AK, FRS_SK } = before;
    expect(server.credentials).toMatchObject({ FRS_PROJECT_ID, FRS_PASSWORD, FRS_AK, FRS_SK });
    expect(await new Client(server.credentials).search('demo', smallPhoto(1))).toEqual(found);
  });
});

describe('a server that is to keep crops of faces', () => {
  /** Whether a part of these bytes is in any file of the data folder. */
  async function isOnDisk(bytes: Uint8Array): Promise<boolean> {
    const part = Buffer.from(bytes).subarray(600, 700);
    const files = (await readdir(dataDir, { recursive: true, withFileTypes: true })).filter((one) =>
      one.isFile(),
    );
    for (const { parentPath, name } of files) {
      if ((await readFile(join(parentPath, name))).includes(part)) return true;
    }
    return false;
  }

  test('keeps them, encrypted, of those enrolled from then on, and no longer than the faces', async () => {
    const client = new Client(server.credentials);
    const faceSets = server.service.resolve(parts.faceSets);
    const set = await faceSets.get(server.credentials.FRS_PROJECT_ID, 'demo');
    const idsOf = async (person: string) =>
      (await client.search('demo', smallPhoto(1)))
        .filter(({ external_image_id }) => external_image_id === person)
        .map(({ face_id }) => face_id);
    expect(await faceSets.crops(set, await idsOf('photo3'))).toEqual(new Map());
    await client.enrol('demo', smallPhoto(1), 'again');
    const ids = await idsOf('again');
    const [crop = new Uint8Array()] = (await faceSets.crops(set, ids)).values();
    expect(Buffer.from(crop).subarray(0, 3).toString('hex')).toBe('ffd8ff');
    expect(await isOnDisk(crop)).toBe(false);
    const image_base64 = Buffer.from(crop).toString('base64');
    expect((await client.post<Faces>('/face-detect', { image_base64 })).body.faces).toHaveLength(1);
    await faceSets.removeMatching(set, { kind: 'equals', field: 'external_image_id', value: 'again' });
    expect(await faceSets.crops(set, ids)).toEqual(new Map());
  });
});

test('many new faces become a segment of the search index, without anybody asking for it', async () => {
  const { credentials, service } = server;
  const s3 = new S3Client({
    endpoint: credentials.AWS_ENDPOINT_URL_S3,
    region: credentials.AWS_REGION,
    credentials: {
      accessKeyId: credentials.AWS_ACCESS_KEY_ID,
      secretAccessKey: credentials.AWS_SECRET_ACCESS_KEY,
    },
  });
  const dimension = 64;
  const spec = { name: 'growing', capacity: 10_000, fields: {}, model: 'test', dimension };
  const faceSets = service.resolve(parts.faceSets);
  const set = await faceSets.create(credentials.FRS_PROJECT_ID, spec, 10);
  const face = (index: number): NewFace => {
    const vector = new Float32Array(dimension);
    vector[index % dimension] = 1;
    const box = { topLeftX: 0, topLeftY: 0, width: 50, height: 50 };
    return { box, externalImageId: `face${index}`, fields: {}, vector };
  };
  const batch = 200;
  for (let from = 0; from < defaultLimits.tailRows + batch; from += batch) {
    await faceSets.add(
      set,
      Array.from({ length: batch }, (_, index) => face(from + index)),
    );
  }
  const segments = async () => {
    const listed = await s3.send(new ListObjectsV2Command({ Bucket: service.config.indexBucket }));
    return (listed.Contents ?? []).filter(({ Key }) => Key?.includes(set.id));
  };
  await vi.waitFor(async () => expect((await segments()).length).toBeGreaterThan(0), {
    timeout: 120_000,
    interval: 500,
  });
  s3.destroy();
});

describeWithData('people of the shared photos', () => {
  test('are found by a photo that was not enrolled', async () => {
    const folder = sharedData('identities/celeb5') as string;
    const client = new Client(server.credentials);
    await client.post('/face-sets', { face_set_name: 'people' });
    const people = await readdir(folder);
    const probes: { person: string; photo: Buffer }[] = [];
    for (const person of people) {
      const files = (await readdir(join(folder, person))).sort();
      const [probe, ...enrolled] = await Promise.all(
        files.slice(0, 5).map((file) => readFile(join(folder, person, file))),
      );
      for (const each of enrolled) await client.enrol('people', each, person);
      if (probe) probes.push({ person, photo: probe });
    }
    for (const probe of probes) {
      const found = await client.search('people', probe.photo);
      expect(found[0]?.external_image_id).toBe(probe.person);
      expect(found[0]?.similarity).toBeGreaterThan(samePerson);
      const others = found.filter(({ external_image_id }) => external_image_id !== probe.person);
      for (const other of others) expect(other.similarity).toBeLessThan(samePerson);
    }
  });
});
