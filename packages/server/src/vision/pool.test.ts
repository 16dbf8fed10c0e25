import { readdirSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { performance } from 'node:perf_hooks';
import { FrsError } from '@openfrs/contract';
import { readConfig } from '@openfrs/core';
import { asFlow, WorkMemory } from '@openfrs/http/admission';
import { photo, plainPicture } from '@openfrs/testing/photos';
import { itWithData, sharedData } from '@openfrs/testing/shared-data';
import { createVision } from '@openfrs/vision';
import { estimatePictureMemory } from '@openfrs/vision/image';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type CallLimits, defaultCallLimits } from './call-limits.ts';
import type { WorkerRequest } from './messages.ts';
import { type PoolSettings, startVisionPool, type VisionPool } from './pool.ts';
import { VisionWorker } from './vision-worker.ts';

const { modelsDir, minFacePx } = readConfig();
const memory = new WorkMemory(1e9);
const start = (settings: Partial<PoolSettings> = {}) =>
  startVisionPool({ modelsDir, minFacePx, video: {}, size: 2, memory, ...settings });
let pool: VisionPool;
beforeAll(async () => {
  pool = await start();
});
afterAll(() => pool.close());
afterEach(() => vi.restoreAllMocks());

describe('workers that look at pictures', () => {
  it('see what this thread would', async () => {
    const own = await createVision({ modelsDir, minFacePx });
    const options = { faces: 'all' } as const;
    const [here, there] = [await own.describe(photo(1), options), await pool.describe(photo(1), options)];
    expect(there.map(({ box, quality }) => ({ box, quality }))).toEqual(
      here.map(({ box, quality }) => ({ box, quality })),
    );
    for (const [at, { vector }] of there.entries()) {
      const cosine = vector.reduce((sum, value, i) => sum + value * (here[at]?.vector[i] ?? 0), 0);
      expect(cosine).toBeGreaterThan(0.9999);
    }
    expect(await pool.detect(photo(2), { attributes: ['1', '2'] })).toEqual(
      await own.detect(photo(2), { attributes: ['1', '2'] }),
    );
    expect(pool.model).toMatchObject({ id: own.model.id, dimension: own.model.dimension });
    expect(pool.model.similarity(0.5)).toBe(own.model.similarity(0.5));
    await own.close();
  });

  it('leave the file with its owner, and look at no more than that', async () => {
    const large = Buffer.concat([Buffer.alloc(1000), photo(4), Buffer.alloc(1000)]);
    const part = large.subarray(1000, large.length - 1000);
    expect(await pool.detect(part)).toEqual(await pool.detect(photo(4)));
    expect(part.equals(photo(4))).toBe(true);
  });

  it('have what a picture is decoded to counted while they look at it, of the one who failed as well', async () => {
    const looking = [pool.detect(photo(1)), pool.detect(Buffer.from('no picture'))];
    const expected = estimatePictureMemory(photo(1)) + estimatePictureMemory(Buffer.from('no picture'));
    await vi.waitFor(() => expect(memory.reserved).toBe(expected));
    await Promise.allSettled(looking);
    expect(memory.reserved).toBe(0);
  });

  it('refuse with the codes of the contract, and what was wrong', async () => {
    const refusal = await pool.detect(Buffer.from('no picture')).catch((error) => error);
    expect(refusal).toBeInstanceOf(FrsError);
    expect(refusal.code).toBe('FRS.0016');
    const own = await createVision({ modelsDir, minFacePx });
    const same = await own.detect(plainPicture(5000, 20)).catch((error) => error);
    const other = await pool.detect(plainPicture(5000, 20)).catch((error) => error);
    expect([other.code, other.message]).toEqual([same.code, same.message]);
    await own.close();
    await expect(pool.judgePhoto(plainPicture(300, 300))).rejects.toMatchObject({ code: 'FRS.0707' });
    const request = { actions: [1 as const], nodThreshold: 10 };
    await expect(pool.judgeVideo(Buffer.from('no video'), request)).rejects.toMatchObject({
      code: 'FRS.0701',
    });
  });

  it('leave this thread free, and are as many as there is work for', async () => {
    const before = performance.eventLoopUtilization();
    const all = Array.from({ length: 12 }, () => pool.detect(photo(1)));
    const [first, ...others] = await Promise.all(all);
    expect(performance.eventLoopUtilization(before).utilization).toBeLessThan(0.5);
    for (const other of others) expect(other).toEqual(first);
    expect(pool.size).toBe(2);
  });

  it('end, but for one, when there was nothing to do for a while, and are started again', async () => {
    const resting = await start({ spareMs: 500 });
    const many = () => Promise.all(Array.from({ length: 6 }, () => resting.detect(photo(1))));
    const [first] = await many();
    expect(resting.size).toBe(2);
    await vi.waitFor(() => expect(resting.size).toBe(1), { timeout: 40_000, interval: 50 });
    for (const found of await many()) expect(found).toEqual(first);
    expect(resting.size).toBe(2);
    await resting.close();
  });

  it('that are killed are replaced, and what they had to do is done by another', async () => {
    const killed = await start({ size: 1 });
    const { send } = VisionWorker.prototype;
    const killing = vi.spyOn(VisionWorker.prototype, 'send');
    const kill = function (this: VisionWorker) {
      process.kill(this.pid as number, 'SIGKILL');
    };
    killing.mockImplementationOnce(kill);
    expect((await killed.detect(photo(3))).length).toBeGreaterThan(0);
    // A file that ends every worker, its second one as well, after that was told to start.
    killing.mockRestore();
    const ending = vi.spyOn(VisionWorker.prototype, 'send').mockImplementation(function (
      this: VisionWorker,
      message: WorkerRequest,
    ) {
      if (message.kind === 'call') kill.call(this);
      else send.call(this, message);
    });
    await expect(killed.detect(photo(1))).rejects.toMatchObject({ code: 'FRS.0016' });
    ending.mockRestore();
    expect(killed.size).toBe(0);
    expect((await killed.detect(photo(3))).length).toBeGreaterThan(0);
    await killed.close();
    expect(killed.size).toBe(0);
    await killed.close();
    await expect(killed.detect(photo(3))).rejects.toThrow('closed');
  });

  it('that find no models say so at the start', async () => {
    const modelsDir = '/nowhere/models';
    await expect(start({ modelsDir })).rejects.toThrow(/model/i);
  });
});

const { send: unwatched } = VisionWorker.prototype;

/** What workers are sent, as `call 0`. */
function messages() {
  const sent = vi.spyOn(VisionWorker.prototype, 'send');
  const of = (kind: WorkerRequest['kind']) =>
    sent.mock.calls.filter(([message]) => message.kind === kind).length;
  return { of };
}

/** Without a face: the detector looks at it in every way it knows. */
const large = plainPicture(900, 600);
const small = plainPicture(100, 100);

describe('a call that nobody waits for any more', () => {
  it('is answered at once with the reason, is cancelled, and keeps its place until the worker has finished', async () => {
    const sent = messages();
    const leaver = new AbortController();
    const answer = pool.detect(large, {}, leaver.signal).catch((error) => error);
    await vi.waitFor(() => expect(sent.of('call')).toBe(1));
    const reason = new Error('left');
    leaver.abort(reason);
    expect(await answer).toBe(reason);
    expect(sent.of('cancel')).toBe(1);
    expect(pool.running).toBe(1);
    await vi.waitFor(() => expect(pool.running).toBe(0), { timeout: 50_000 });
    expect(await pool.detect(small)).toEqual([]);
  });

  it('is not begun where it had not begun', async () => {
    const sent = messages();
    const leaver = new AbortController();
    const running = [pool.detect(large), pool.detect(large)];
    const waiting = pool.detect(large, {}, leaver.signal).catch((error) => error);
    const gone = AbortSignal.abort(new Error('gone'));
    await expect(pool.judgePhoto(large, gone)).rejects.toThrow('gone');
    leaver.abort(new Error('left'));
    expect((await waiting).message).toBe('left');
    await Promise.all(running);
    expect(sent.of('call')).toBe(2);
  });
});

describe('a call that takes too long', () => {
  const strict = {
    processorMs: { picture: 20, video: Number.POSITIVE_INFINITY },
    graceMs: 0,
    graceWallMs: 60_000,
    everyMs: 5,
  };

  it('is refused as the contract refuses files that can not be read, and its process is killed and replaced', async () => {
    const limits: CallLimits = { ...strict };
    const one = await start({ size: 1, limits });
    const sent = messages();
    // It doesn't hear of it: one that does may be done before this process has looked again, on a busy machine.
    vi.mocked(VisionWorker.prototype.send).mockImplementation(function (this: VisionWorker, message) {
      if (message.kind !== 'cancel') unwatched.call(this, message);
    });
    await expect(one.describe(large, { faces: 'all' })).rejects.toMatchObject({
      code: 'FRS.0016',
      message: expect.stringContaining('processor time'),
    });
    expect(sent.of('cancel')).toBe(1);
    expect(one.size).toBe(0);
    Object.assign(limits, defaultCallLimits);
    expect(await one.detect(small)).toEqual([]);
    expect(one.size).toBe(1);
    await one.close();
  });

  itWithData('takes no other call with it: that is taken by the next worker', async () => {
    const limits: CallLimits = { ...strict };
    const one = await start({ size: 1, limits });
    const sent = messages();
    const video = readFileSync(sharedData('clips/mp4_h264.mp4') ?? '');
    const judged = one.judgeVideo(video, { actions: [1], nodThreshold: 10 }).catch((error) => error.code);
    await expect(one.detect(large)).rejects.toMatchObject({ code: 'FRS.0016' });
    // A machine with too much to do may refuse the video by itself.
    const verdict = await judged;
    if (verdict !== 'FRS.0033') expect(verdict).toHaveProperty('alive');
    expect(sent.of('call')).toBe(3);
    await one.close();
  });
});

describe('projects that share the workers', () => {
  const lookFor = (project: string, file: Uint8Array) =>
    asFlow({ project, operation: 'face-detect' }, () => pool.detect(file));

  it('have a worker each: one picture does not wait for a flood of larger ones', async () => {
    await lookFor('other', small);
    let done = 0;
    const flood = Array.from({ length: 8 }, () => lookFor('flood', large).then(() => (done += 1)));
    for (let rounds = 0; rounds < 3; rounds++) {
      const before = done;
      await lookFor('other', small);
      expect(done - before).toBeLessThan(2);
    }
    await Promise.all(flood);
  });

  it('let a flood use one at a lower priority, and leave the other to the others while that one starts', async () => {
    const fresh = await start();
    const look = (project: string, file: Uint8Array) =>
      asFlow({ project, operation: 'face-detect' }, () => fresh.detect(file));
    const called: string[] = [];
    const { send } = VisionWorker.prototype;
    vi.spyOn(VisionWorker.prototype, 'send').mockImplementation(function (this: VisionWorker, message) {
      if (message.kind === 'call')
        called.push(`${message.args[0] === small ? 'other' : 'flood'} ${this.niceness}`);
      send.call(this, message);
    });
    await look('other', small);
    const [usual] = called.splice(0).map((call) => call.replace('other ', ''));
    const flood = Array.from({ length: 4 }, () => look('flood', large));
    for (let rounds = 0; rounds < 4; rounds++) await look('other', small);
    await Promise.all(flood);
    expect(called.filter((call) => call.startsWith('other'))).toEqual(Array(4).fill(`other ${usual}`));
    const lower = called.filter((call) => call.startsWith('flood')).map((call) => Number(call.slice(6)));
    expect(lower).toHaveLength(4);
    expect(Math.min(...lower)).toBeGreaterThan(Number(usual));
    await fresh.close();
  });

  it('let two floods use both, where nobody else could come in', async () => {
    const nicenesses: number[] = [];
    const { send } = VisionWorker.prototype;
    vi.spyOn(VisionWorker.prototype, 'send').mockImplementation(function (this: VisionWorker, message) {
      if (message.kind === 'call') nicenesses.push(this.niceness);
      send.call(this, message);
    });
    await lookFor('other', small);
    nicenesses.length = 0;
    await Promise.all(['one', 'one', 'one', 'two', 'two', 'two'].map((project) => lookFor(project, large)));
    // A last call is no flood any more.
    expect(Math.min(...nicenesses.slice(0, 3))).toBeLessThan(Math.max(...nicenesses));
  });
});

it.runIf(process.platform === 'linux')(
  'lets what answers requests go before all threads that look',
  async () => {
    const called = vi.spyOn(VisionWorker.prototype, 'send');
    await pool.detect(large);
    const { pid, niceness } = called.mock.contexts.at(-1) as VisionWorker;
    const threads = readdirSync(`/proc/${pid}/task`).map((id) => getPriority(Number(id)));
    expect(threads.length).toBeGreaterThan(10);
    expect(new Set(threads)).toEqual(new Set([getPriority() + niceness]));
    // Three times the weight, by sched(7): two threads of each worker want a core beside it.
    expect(1.25 ** niceness).toBeGreaterThan(3);
  },
);
