import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { LocalCredentials } from '@openfrs/server';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Client, credentialsIn, type Faces } from '../e2e/client.ts';
import { plainStart, type Run } from '../e2e/npm-start.ts';
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
const picture = photo(3).toString('base64');
let credentials: LocalCredentials;
let dir: string;
let server: Run;
let client: Client;
beforeAll(async () => {
  if (!hasPrlimit) return;
  dir = await mkdtemp(join(tmpdir(), 'openfrs-full-'));
  await start();
});
afterAll(async () => {
  if (!hasPrlimit) return;
  server.interrupt();
  await server.exited();
  await rm(dir, { recursive: true, force: true });
});

async function start(): Promise<void> {
  server = await plainStart({ FRS_DATA_DIR: dir, PORT: '0' });
  credentials = await credentialsIn(join(dir, 'credentials.env'));
  client = new Client(credentials);
}

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
  client.post<Partial<Faces> & { error_code?: string; error_msg?: string }>(`/face-sets/${set}/faces`, {
    image_base64: picture,
    external_image_id: name,
    single: true,
  });

async function stored(): Promise<string[]> {
  const all = await client.get<Faces>(`/face-sets/${set}/faces?limit=1000`);
  expect(all.status).toBe(200);
  return all.body.faces.map(({ external_image_id }) => external_image_id);
}

/** What reads and what only looks at pictures: none of it needs room. */
const readings: readonly (readonly [name: string, expected: number, read: () => Promise<number>])[] = [
  ['face-detect', 200, async () => (await client.post('/face-detect', { image_base64: picture })).status],
  [
    'face-compare',
    200,
    async () =>
      (await client.post('/face-compare', { image1_base64: picture, image2_base64: picture })).status,
  ],
  ['face-set-list', 200, async () => (await client.get('/face-sets')).status],
  ['face-set-show', 200, async () => (await client.get(`/face-sets/${set}`)).status],
  ['face-list', 200, async () => (await client.get(`/face-sets/${set}/faces?limit=1000`)).status],
  [
    'face-search',
    200,
    async () => (await client.post(`/face-sets/${set}/search`, { image_base64: picture, top_n: 10 })).status,
  ],
  ['token-create', 201, () => logIn(credentials.FRS_PASSWORD)],
  ['token-create with a wrong password', 401, () => logIn('wrong-Password-1')],
];

async function logIn(password: string): Promise<number> {
  const user = { name: credentials.FRS_USER, password, domain: { name: credentials.FRS_DOMAIN } };
  const identity = { methods: ['password'], password: { user } };
  const answer = await fetch(`${credentials.FRS_ENDPOINT}/v3/auth/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ auth: { identity, scope: { project: { name: credentials.FRS_REGION } } } }),
  });
  return answer.status;
}

async function health(): Promise<{ readonly status: number; readonly body: unknown }> {
  const answer = await fetch(`${credentials.FRS_ENDPOINT}/health`);
  return { status: answer.status, body: await answer.json() };
}

const acknowledged: string[] = [];
const tried: string[] = [];
async function attempt(name: string): Promise<number> {
  tried.push(name);
  const { status, body } = await add(name);
  if (status === 200) acknowledged.push(name);
  else {
    expect([status, body.error_code]).toEqual([500, 'FRS.0018']);
    expect(body.error_msg).toMatch(/can not be written to/);
  }
  return status;
}

/** What was acknowledged is there, once; nothing is there that was never asked for. */
async function expectAllAcknowledged(): Promise<void> {
  const names = await stored();
  for (const name of acknowledged)
    expect([name, names.filter((each) => each === name).length]).toEqual([name, 1]);
  expect(names.filter((name) => !tried.includes(name))).toEqual([]);
  expect(new Set(names).size).toBe(names.length);
}

/** Adds faces until none is taken any more: what was in memory may still go through. */
async function fill(): Promise<void> {
  await limitFiles(0);
  await vi.waitFor(async () => expect(await attempt(`full-${tried.length}`)).toBe(500), {
    timeout: 120_000,
    interval: 0,
  });
}

describe.runIf(hasPrlimit)('a full disk', () => {
  it('fails writes with FRS.0018 and a reason; detection, search, lists and logins go on, and /health tells', async () => {
    expect((await client.post('/face-sets', { face_set_name: set })).status).toBe(200);
    for (let face = 0; face < 5; face++) expect(await attempt(`before-${face}`)).toBe(200);
    expect(await health()).toEqual({ status: 200, body: { status: 'ok' } });

    await fill();
    for (let round = 0; round < 2; round++) {
      for (const [name, expected, read] of readings) expect([name, await read()]).toEqual([name, expected]);
      expect(await attempt(`full-again-${round}`)).toBe(500);
    }
    const created = await client.post('/face-sets', { face_set_name: 'another' });
    expect(created).toMatchObject({ status: 500, body: { error_code: 'FRS.0018' } });
    expect(await health()).toMatchObject({
      status: 200,
      body: { status: 'degraded', reason: expect.stringContaining('no space left') },
    });
    expect(server.err().match(/The embedded stores in \S+ can't be written to/g)).toHaveLength(1);
    expect(server.child.exitCode).toBeNull();
  });

  it('is over when there is room: no restart, all that was acknowledged is there, and /health is ok', async () => {
    await limitFiles();
    await vi.waitFor(async () => expect(await attempt(`after-${tried.length}`)).toBe(200), {
      timeout: 120_000,
      interval: 100,
    });
    expect(await health()).toEqual({ status: 200, body: { status: 'ok' } });
    await expectAllAcknowledged();
    expect((await client.search(set, photo(3))).length).toBeGreaterThan(0);
    // What came behind the failure is in a log that a restart reads to its end.
    process.kill(-(server.child.pid as number), 'SIGKILL');
    await server.exited();
    await start();
    await expectAllAcknowledged();
  });

  it('and a process that is killed in the middle of it: a restart has all that was acknowledged', async () => {
    await fill();
    process.kill(-(server.child.pid as number), 'SIGKILL');
    await server.exited();
    await start();
    await expectAllAcknowledged();
    expect(await attempt('last')).toBe(200);
  });
});
