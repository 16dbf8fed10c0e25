import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { type FrsClient, frsClient } from '@openfrs/client';
import { newSecretKey } from '@openfrs/core';
import { type Engines, prepareEngines, startEngines } from '@openfrs/testing/engines';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { blocksOf } from '../support/pages.ts';
import { smallPhoto } from '../support/small-photos.ts';
import { type ServerProcess, type Settings, serve, shell } from './openfrs-process.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const reason = await prepareEngines();
if (reason !== undefined) console.info(`Servers on SeaweedFS and dynoxide are left out: ${reason}.`);

describe.runIf(reason === undefined)('two servers on SeaweedFS and dynoxide', () => {
  const dir = mkdtempSync(join(tmpdir(), 'openfrs-on-engines-'));
  let engines: Engines;
  let settings: Settings;
  let servers: ServerProcess[] = [];
  let account: { readonly projectId: string; readonly ak: string; readonly sk: string };
  beforeAll(async () => {
    engines = await startEngines();
    settings = {
      ...engines.settings,
      FRS_SECRET_KEY: newSecretKey(),
      FRS_ENROL_SECONDS: '1',
      FRS_S3_PUBLIC_URL: 'https://s3.example.com',
      PORT: '0',
    };
    account = await followPage();
    servers = await Promise.all([serve(settings), serve(settings)]);
  });
  afterAll(async () => {
    for (const { child } of servers) child.kill('SIGKILL');
    await Promise.all(servers.map(({ exited }) => exited()));
    await engines?.stop();
    await rm(dir, { recursive: true, force: true });
  });

  /** What the page tells to do before the servers: its settings are the engines' here. */
  async function followPage(): Promise<typeof account> {
    const commands = (await blocksOf('packages/docs/engines.md')).filter(({ language }) => language === 'sh');
    const [, prepare = '', start] = commands.map(({ text }) => text.trim());
    expect(start).toBe('npx openfrs serve');
    const script = prepare.replace(/(account create .*)/, '$1 --json > account.json');
    await shell(script, dir, settings);
    return JSON.parse(await shell('cat account.json', dir, settings)) as typeof account;
  }

  const client = (server: ServerProcess | undefined): FrsClient => {
    const endpoint = /http:\/\/127\.0\.0\.1:\d+/.exec(server?.output() ?? '')?.[0] ?? server?.output() ?? '';
    return frsClient({
      endpoint,
      projectId: account.projectId,
      credentials: { ak: account.ak, sk: account.sk },
    });
  };
  const base64 = (n: Parameters<typeof smallPhoto>[0]) => smallPhoto(n).toString('base64');

  test('find the faces of each other', async () => {
    const [one, two] = servers.map(client);
    await one?.faceSetCreate({ face_set_name: 'people' });
    await one?.faceAdd({
      face_set_name: 'people',
      image_base64: base64(3),
      external_image_id: 'ann',
      single: true,
    });
    const found = await two?.faceSearch({ face_set_name: 'people', image_base64: base64(1), top_n: 1 });
    expect(found?.faces[0]).toMatchObject({ external_image_id: 'ann' });
  });

  test('hand out forms that name S3 as clients reach it', async () => {
    const form = await client(servers[0]).uploadCreate();
    expect(form.url).toMatch(/^https:\/\/s3\.example\.com\//);
  });

  test('enrol a photo that is put into the bucket, once, and go on when one of them is killed', async () => {
    const s3 = new S3Client({
      endpoint: engines.settings.AWS_ENDPOINT_URL_S3 ?? '',
      region: 'us-east-1',
      credentials: { accessKeyId: 'example', secretAccessKey: 'example' },
      forcePathStyle: true,
    });
    const authorise = 'bucket authorise cn-north-4 openfrs-media --domain acme';
    await shell(`npx openfrs ${authorise}`, dir, settings);
    const put = (name: string, n: Parameters<typeof smallPhoto>[0]) =>
      s3.send(
        new PutObjectCommand({
          Bucket: 'openfrs-media',
          Key: `enrol/${account.projectId}/watched/${name}.jpg`,
          Body: smallPhoto(n),
        }),
      );
    const [one, two] = servers.map(client);
    await one?.faceSetCreate({ face_set_name: 'watched' });
    const ids = async () => {
      const list = await two?.faceList({ face_set_name: 'watched' });
      return (list?.faces ?? []).map(({ external_image_id }) => external_image_id).sort();
    };
    await put('ben', 2);
    await expect.poll(ids, { timeout: 60_000 }).toContain('ben');
    const enrolled = await ids();
    servers[0]?.child.kill('SIGKILL');
    await put('cai', 4);
    // A lease that nobody gives back ends after two minutes.
    await expect.poll(ids, { timeout: 200_000, interval: 1000 }).toContain('cai');
    expect((await ids()).filter((id) => id === 'ben')).toEqual(enrolled.filter((id) => id === 'ben'));
    s3.destroy();
  });
});
