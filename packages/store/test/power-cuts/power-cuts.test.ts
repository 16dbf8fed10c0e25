import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { GetObjectCommand, S3ServiceException } from '@aws-sdk/client-s3';
import { startInThread } from '@openfrs/embedded/in-thread';
import { seeded } from '@openfrs/testing/faults';
import { amount, seedOf } from '@openfrs/testing/sample';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createClients, createFaceSets, createMaintenance } from '../../src/index.ts';
import { bucket, table } from '../embedded.ts';
import { expectHolds } from '../model.ts';
import { Disk, type Remains } from './disk.ts';
import { Expected } from './expected.ts';
import { type Syscall, straceArguments, syscalls } from './syscalls.ts';
import { objectBody, objectBucket, projectId, setName, type Told } from './told.ts';

/** So many power cuts are simulated, at so many places of each run of the program. */
const cuts = Number(process.env.FRS_TEST_POWER_CUTS ?? amount(5, 200));
const cutsARun = 25;
/** A run is killed after so many acknowledgements. */
const answers = 120;
// At most 400: the program numbers its faces from 5,000,000 × the seed on, and a box's sides have 32 bits.
const drawn = Number(process.env.FRS_TEST_SEED ?? 1 + (seedOf('power cuts') % 400));
const program = fileURLToPath(new URL('./program.ts', import.meta.url));
/** Where it can't be had, or may not trace. */
const canTrace = spawnSync('strace', ['-f', '-o', '/dev/null', 'true']).status === 0;

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'openfrs-power-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe.skipIf(!canTrace)('embedded stores after a power cut (needs strace)', () => {
  it(
    `have all that was acknowledged, and nothing half done or damaged, ${cuts} times`,
    () => survive(cuts, true, drawn),
    cuts * 60_000,
  );

  it('would not, if they acknowledged before it is on the disk', async () => {
    // Of cuts that are known to show it.
    await expect(survive(10, false, 1)).rejects.toThrow(/^run \d+, cut \d+, seed/);
  }, 600_000);
});

/** @throws Error what was acknowledged is not there after a power cut, or what is there is not whole */
async function survive(count: number, flush: boolean, seed: number): Promise<void> {
  const told = vi.spyOn(console, 'error').mockImplementation(() => {});
  const random = seeded(seed);
  let remains: Remains = new Map();
  let expected = new Expected();
  for (let done = 0, run = 0; done < count; run++) {
    const calls = await traced(remains, expected, seed * 50 + run, flush);
    const wanted = Math.min(count - done, cutsARun);
    const places = new Set<number>();
    while (places.size < wanted) places.add(Math.floor(random() * calls.length));
    let last: readonly [Remains, Expected] = [remains, expected];
    for (const [disk, soFar] of replayed(remains, expected, calls, places)) {
      const cut = disk.powerCut(random);
      last = [cut, soFar.copy()];
      await holds(cut, soFar).catch((cause: unknown) => {
        const where = `run ${run}, cut ${done}, seed ${seed}`;
        throw new Error(`${where}: ${cause} ${told.mock.calls.flat().join(' ')}`, { cause });
      });
      done += 1;
    }
    [remains, expected] = last;
  }
}

/** Runs the program on what an earlier power cut left, until it was acknowledged enough; answers its system calls. */
async function traced(
  remains: Remains,
  expected: Expected,
  runSeed: number,
  flush: boolean,
): Promise<Syscall[]> {
  const folder = join(root, 'traced');
  await lay(folder, remains);
  await writeFile(join(folder, 'firm.json'), JSON.stringify(expected.firm()));
  const trace = join(root, 'trace');
  const child = spawn(
    'strace',
    [
      ...straceArguments(trace),
      process.execPath,
      '--import',
      'tsx',
      program,
      folder,
      String(runSeed),
      String(flush),
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr.on('data', (text) => {
    said += text;
  });
  const ended = once(child, 'exit').then(() => 'ended' as const);
  const messages = async () =>
    (await readFile(join(folder, 'told'), 'utf8').catch(() => ''))
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Told);
  for (;;) {
    const pause = new Promise<'more'>((resolve) => setTimeout(resolve, 100, 'more'));
    if ((await Promise.race([ended, pause])) === 'ended') throw new Error(`the program ended: ${said}`);
    const all = await messages();
    const [first] = all;
    if (first?.kind !== 'started') continue;
    if (all.filter(({ kind }) => kind.endsWith('ed') || kind === 'put').length < answers) continue;
    process.kill(first.pid, 'SIGKILL');
    break;
  }
  await ended;
  const lines: string[] = [];
  for await (const line of createInterface({ input: createReadStream(trace) })) lines.push(line);
  await rm(trace);
  await rm(folder, { recursive: true });
  return [...syscalls(lines, folder)].map((call) => relative(call, folder));
}

/** Paths from the folder on. */
function relative(call: Syscall, folder: string): Syscall {
  const cut = (path: string) => (path === folder ? '.' : path.replace(`${folder}/`, ''));
  return {
    ...call,
    ...('path' in call && { path: cut(call.path) }),
    ...('to' in call && { to: cut(call.to) }),
  } as Syscall;
}

/** The disk, and what must be found on it, at each of the places. */
function* replayed(
  remains: Remains,
  expected: Expected,
  calls: readonly Syscall[],
  places: ReadonlySet<number>,
): Generator<readonly [Disk, Expected]> {
  const disk = new Disk(remains);
  const soFar = expected.copy();
  for (const [at, call] of calls.entries()) {
    if (call.kind === 'written' && call.path === 'told')
      soFar.note(JSON.parse(call.bytes.toString()) as Told);
    else if (!('path' in call) || !['told', 'firm.json'].includes(call.path)) disk.apply(call);
    if (places.has(at)) yield [disk, soFar];
  }
}

async function lay(folder: string, remains: Remains): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [path, content] of remains) {
    if (content === null) await mkdir(join(folder, path), { recursive: true });
    else {
      await mkdir(join(folder, dirname(path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
  }
}

/** Starts the stores on what is left, and compares. */
async function holds(remains: Remains, expected: Expected): Promise<void> {
  const folder = await mkdtemp(join(root, 'cut-'));
  await lay(folder, remains);
  const embedded = await startInThread(join(folder, 'data'));
  const clients = createClients({
    region: embedded.region,
    dynamodbEndpoint: embedded.dynamodbEndpoint,
    s3Endpoint: embedded.s3Endpoint,
    credentials: embedded,
  });
  try {
    if (!expected.setMade) return;
    const clock = Date.now() + 120_000;
    const options = { ...clients, table, bucket, now: () => clock };
    const maintenance = createMaintenance(options);
    expect((await maintenance.sweep()).failures).toEqual([]);
    const faceSets = createFaceSets(options);
    const set = await faceSets.get(projectId, setName);
    const page = await faceSets.page(set, 0, 10_000);
    expectFaces(
      page.map(({ faceId, box, fields }) => ({ faceId, seed: box.topLeftX, age: Number(fields.age) })),
      expected,
    );
    await expectHolds(
      faceSets,
      set,
      page.map((face) => ({ ...face, seed: face.box.topLeftX })),
      5,
    );
    expect(await maintenance.verifySet(projectId, setName, { repair: false })).toMatchObject({
      faces: page.length,
      counted: page.length,
    });
    for (const [key, versions] of expected.objects) {
      const body = await clients.s3.send(new GetObjectCommand({ Bucket: objectBucket, Key: key })).then(
        async (answer) => Buffer.from((await answer.Body?.transformToByteArray()) ?? []),
        (error: unknown) => {
          if (error instanceof S3ServiceException && error.name === 'NoSuchKey') return undefined;
          throw error;
        },
      );
      const found = versions.some((version) =>
        version === undefined || body === undefined
          ? version === body
          : objectBody(key, version).equals(body),
      );
      expect(found, `${key} is one of ${versions.join()}`).toBe(true);
    }
  } finally {
    clients.destroy();
    await embedded.stop();
    await rm(folder, { recursive: true });
  }
}

function expectFaces(
  found: readonly { readonly faceId: string; readonly seed: number; readonly age: number }[],
  expected: Expected,
): void {
  const there = new Map(found.map((face) => [face.faceId, face]));
  for (const [id, { seed: from, ages, mayBeGone }] of expected.faces) {
    const face = there.get(id);
    if (!face) expect(mayBeGone, `the face ${id} (${from}) is lost`).toBe(true);
    else {
      expect(face.seed).toBe(from);
      expect(ages).toContain(face.age);
    }
  }
  for (const id of expected.removed) expect(there.has(id), `the face ${id} is back`).toBe(false);
  const unknown = new Set(found.filter(({ faceId }) => !expected.faces.has(faceId)).map((face) => face.seed));
  for (const seeds of expected.doubtful) {
    const present = seeds.filter((each) => unknown.delete(each));
    expect([0, seeds.length]).toContain(present.length);
  }
  expect([...unknown], 'faces that nobody added').toEqual([]);
}
