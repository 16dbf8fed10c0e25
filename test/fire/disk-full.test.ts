import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { Client, credentialsIn, type Faces } from '../e2e/client.ts';
import { npmStart, type Run } from '../e2e/npm-start.ts';
import { photo } from '../support/photos.ts';

/*
 * A disk without room, as the service sees it: no file of its can grow any more. The limit is set from outside, on the
 * running process (prlimit of util-linux).
 */
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });
const execute = promisify(execFile);
const hasPrlimit = await execute('prlimit', ['--version']).then(
  () => true,
  () => false,
);
if (!hasPrlimit) console.log('skipped: a full disk is played with prlimit, which is not here');

const set = 'people';
let dir: string;
let server: Run;
let client: Client;
beforeAll(async () => {
  if (!hasPrlimit) return;
  dir = await mkdtemp(join(tmpdir(), 'openfrs-full-'));
  server = await npmStart({ FRS_DATA_DIR: dir, PORT: '0' });
  client = new Client(await credentialsIn(join(dir, 'credentials.env')));
});
afterAll(async () => {
  if (!hasPrlimit) return;
  server.interrupt();
  await server.exited();
  await rm(dir, { recursive: true, force: true });
});

/** Bytes that any file of the service may have; undefined: there is room again. */
async function limitFiles(bytes?: number): Promise<void> {
  const { stdout } = await execute('ps', ['-eo', 'pgid=,pid=']);
  const all = stdout.split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  for (const [group, pid] of all) {
    if (group === server.child.pid) {
      await execute('prlimit', ['--pid', String(pid), `--fsize=${bytes ?? 'unlimited'}:unlimited`]);
    }
  }
}

const add = (name: string) =>
  client.post<Partial<Faces> & { error_code?: string }>(`/face-sets/${set}/faces`, {
    image_base64: photo(3).toString('base64'),
    external_image_id: name,
    single: true,
  });

async function stored(): Promise<string[]> {
  const all = await client.get<Faces>(`/face-sets/${set}/faces?limit=1000`);
  expect(all.status).toBe(200);
  return all.body.faces.map(({ external_image_id }) => external_image_id);
}

it.runIf(hasPrlimit)(
  'a full disk: writes are 500 FRS.0018, the process lives, and with room again all that was acknowledged is there',
  async () => {
    expect((await client.post('/face-sets', { face_set_name: set })).status).toBe(200);
    const acknowledged: string[] = [];
    const tried: string[] = [];
    const attempt = async (name: string) => {
      tried.push(name);
      const { status, body } = await add(name);
      if (status === 200) acknowledged.push(name);
      else expect([status, body.error_code]).toEqual([500, 'FRS.0018']);
      return status;
    };
    for (let face = 0; face < 5; face++) expect(await attempt(`before-${face}`)).toBe(200);

    await limitFiles(0);
    // What was in memory may still go through; then nothing does.
    await vi.waitFor(async () => expect(await attempt(`full-${tried.length}`)).toBe(500), {
      timeout: 120_000,
      interval: 0,
    });
    const created = await client.post('/face-sets', { face_set_name: 'another' });
    expect(created).toMatchObject({ status: 500, body: { error_code: 'FRS.0018' } });
    expect(server.child.exitCode).toBeNull();

    await limitFiles();
    await vi.waitFor(async () => expect(await attempt(`after-${tried.length}`)).toBe(200), {
      timeout: 120_000,
      interval: 100,
    });
    const names = await stored();
    for (const name of acknowledged)
      expect([name, names.filter((each) => each === name).length]).toEqual([name, 1]);
    expect(names.filter((name) => !tried.includes(name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
    expect((await client.search(set, photo(3))).length).toBeGreaterThan(0);
  },
);
