import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { photo } from '../../../test/support/photos.ts';
import { createEngine, type FaceEngine } from './engine.ts';
import { createGate } from './gate.ts';
import { createLiveness, type LocalLiveness } from './liveness/index.ts';
import type { FfmpegSession } from './video/decoder.ts';
import { decoderOver } from './video/read.ts';
import { createVision, type LocalVision } from './vision.ts';

let vision: LocalVision;
let engine: FaceEngine;
let liveness: LocalLiveness;
beforeAll(async () => {
  vision = await createVision({ threads: 1 });
  engine = await createEngine({ threads: 1 });
  liveness = await createLiveness({ engine });
});
afterEach(() => {
  vi.restoreAllMocks();
});
afterAll(async () => {
  await vision.close();
  await engine.close();
});

const reason = new Error('the client has left');

/** A signal that aborts during run number `at` of any model, and how many runs there were. */
function leavingAt({ sessions }: FaceEngine, at: number) {
  const client = new AbortController();
  const run = sessions.run.bind(sessions);
  let runs = 0;
  vi.spyOn(sessions, 'run').mockImplementation((id, pixels) => {
    runs += 1;
    if (runs === at) client.abort(reason);
    return run(id, pixels);
  });
  return { signal: client.signal, runs: () => runs };
}

describe('work whose client has left', () => {
  const jobs: readonly (readonly [string, () => FaceEngine, (signal: AbortSignal) => Promise<unknown>])[] = [
    [
      'detect',
      () => vision.engine,
      (signal) => vision.detect(photo(1), { attributes: ['1', '5', '12'] }, signal),
    ],
    [
      'describe',
      () => vision.engine,
      (signal) => vision.describe(photo(1), { faces: 'all', purpose: 'enrol' }, signal),
    ],
    ['judgePhoto', () => engine, (signal) => liveness.judgePhoto(photo(1), signal)],
  ];

  it.each(jobs)('%s runs no other model, wherever it was', async (_, of, work) => {
    const all = leavingAt(of(), Number.POSITIVE_INFINITY);
    await work(all.signal);
    vi.restoreAllMocks();
    for (const at of [1, Math.ceil(all.runs() / 2), all.runs() - 1]) {
      const client = leavingAt(of(), at);
      await expect(work(client.signal)).rejects.toBe(reason);
      expect(client.runs()).toBe(at);
      vi.restoreAllMocks();
    }
  });

  it.each(jobs)('%s does not begin when it left before', async (_, of, work) => {
    const { runs } = leavingAt(of(), 0);
    await expect(work(AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(runs()).toBe(0);
  });
});

describe('the gate', () => {
  it('forgets who leaves while waiting, and lets the next one in', async () => {
    const gate = createGate(2);
    let finish = () => {};
    const running = gate(1, () => new Promise<void>((resolve) => (finish = resolve)));
    const client = new AbortController();
    const heavy = gate(2, async () => 'never', client.signal);
    const light = gate(1, async () => 'light');
    client.abort(reason);
    await expect(heavy).rejects.toBe(reason);
    expect(await light).toBe('light');
    finish();
    await running;
    expect(await gate(2, async () => 'all is free')).toBe('all is free');
  });
});

describe('a video whose client has left', () => {
  const video = Buffer.from('FLV\x01\x05'.padEnd(64, '\0'));
  const never = () => new Promise<never>(() => {});

  it.each(['before', 'while it is probed'])('ends FFmpeg at once: %s', async (when) => {
    const client = new AbortController();
    const close = vi.fn(async () => {});
    const session: FfmpegSession = {
      ...{ input: '', output: '', cpuMs: () => 0, ffmpeg: never, close },
      ffprobe: () => {
        client.abort(reason);
        return never();
      },
    };
    const open = vi.fn(async () => session);
    if (when === 'before') client.abort(reason);
    await expect(decoderOver('wasm', open).decode(video, () => {}, client.signal)).rejects.toBe(reason);
    expect(open).toHaveBeenCalledTimes(when === 'before' ? 0 : 1);
    expect(close).toHaveBeenCalledTimes(when === 'before' ? 0 : 1);
  });
});
