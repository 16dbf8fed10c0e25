import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { smallPhoto } from '../support/small-photos.ts';
import { stillVideo } from '../support/still-video.ts';
import { Client, credentialsIn } from './client.ts';
import { complaint, npmStart, type Run, root, tracedStart } from './npm-start.ts';

// A start of all models, under strace where that is installed.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 60_000 });

const canTrace = spawnSync('strace', ['-f', '-qq', '--seccomp-bpf', '-o', '/dev/null', 'true']).status === 0;
if (!canTrace)
  console.log('No strace here: what native code looks up and writes is seen by the empty folders only.');

let dir: string;
let run: Run | undefined;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'openfrs-privacy-'));
});
afterAll(async () => {
  run?.interrupt();
  await run?.exited();
  await rm(dir, { recursive: true, force: true });
});

/** What the traced calls looked up, and what they wrote that is in neither of the folders. */
function traced(trace: string, folders: readonly string[]): { lookups: string[]; written: string[] } {
  const calls = trace.split('\n').filter((line) => !/ = -1 E(?!INPROGRESS)/.test(line));
  const lookups = calls.filter((line) => line.includes('connect(') && /htons\((53|443|80)\)/.test(line));
  const writes = calls.filter((line) => /O_(CREAT|WRONLY|RDWR)|(creat|mkdir|rename|link)\w*\(/.test(line));
  const written = writes.flatMap((line) =>
    [...line.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, path = '']) => path),
  );
  const ours = (path: string) =>
    !path.startsWith('/') || ['/dev/', '/proc/', ...folders].some((folder) => path.startsWith(folder));
  return { lookups, written: written.filter((path) => !ours(path)) };
}

test('npm start looks up no name, writes into the data folder only, and answers what is under way when Ctrl-C comes', async () => {
  const [home, cache, tmp, data] = ['home', 'cache', 'tmp', 'data'].map((name) => join(dir, name)) as [
    string,
    string,
    string,
    string,
  ];
  for (const folder of [home, cache, tmp, data]) await mkdir(folder);
  const trace = join(dir, 'trace');
  const seen = join(dir, 'looked-up');
  const env = {
    ...{
      HOME: home,
      XDG_CACHE_HOME: cache,
      XDG_CONFIG_HOME: cache,
      TMPDIR: tmp,
      npm_config_cache: join(home, '.npm'),
    },
    ...{ FRS_DATA_DIR: data, PORT: '0', ORT_DISABLE_TELEMETRY: '', FFMPEG_PATH: '' },
    // In every process and thread: the names that JavaScript looks up, and the hosts that it connects to.
    ...{
      NODE_OPTIONS: `--import ${join(root, 'test/support/network-monitor.mjs')}`,
      FRS_NETWORK_WITNESS: seen,
    },
  };
  run = canTrace ? await tracedStart(env, trace) : await npmStart(env);
  expect(complaint(run)).toBe('');
  const client = new Client(await credentialsIn(join(data, 'credentials.env')));
  const image_base64 = smallPhoto(1).toString('base64');
  expect((await client.post('/face-detect', { image_base64, attributes: '0,1,2,12' })).status).toBe(200);
  expect((await client.post('/face-sets', { face_set_name: 'people' })).status).toBe(200);
  await client.enrol('people', smallPhoto(2), 'ann');
  expect(await client.search('people', smallPhoto(2))).toHaveLength(1);
  const video_base64 = (await readFile(await stillVideo())).toString('base64');
  expect((await client.post('/live-detect', { video_base64, actions: '1' })).status).toBe(200);
  const answered = await client.beginSearch('people', smallPhoto(2));
  run.interrupt();
  expect((await answered())[0]?.external_image_id).toBe('ann');
  await run.exited();
  expect(run.out()).toMatch(/Stopped\.\n$/);
  expect(complaint(run)).toBe('');
  run = undefined;

  for (const folder of [home, cache, tmp]) {
    const left = await readdir(folder, { recursive: true, withFileTypes: true });
    // npm makes the folder of its cache, and leaves it empty.
    expect(left.map(({ name }) => name).filter((name) => name !== '.npm')).toEqual([]);
  }
  expect(await readFile(seen, 'utf8').catch(() => '')).toBe('');
  if (!canTrace) return;
  // A first start of a fresh clone builds models and pages within the repository.
  expect(traced(await readFile(trace, 'utf8'), [data, root, join(home, '.npm')])).toEqual({
    lookups: [],
    written: [],
  });
});
