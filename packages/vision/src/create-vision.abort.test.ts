import { photo } from '@openfrs/testing/photos';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createVision, type LocalVision } from './create-vision.ts';
import type { FacePipeline } from './pipelines/face-pipeline.ts';

let vision: LocalVision;
beforeAll(async () => {
  vision = await createVision({ threads: 1 });
});
afterEach(() => {
  vi.restoreAllMocks();
});
afterAll(() => vision.close());

const reason = new Error('the client has left');

/** A signal that aborts during run number `at` of any model, and how many runs there were. */
function leavingAt({ sessions }: FacePipeline, at: number) {
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
  const jobs: readonly (readonly [string, (signal: AbortSignal) => Promise<unknown>])[] = [
    ['detect', (signal) => vision.detect(photo(1), { attributes: ['1', '5', '12'] }, signal)],
    ['describe', (signal) => vision.describe(photo(1), { faces: 'all' }, signal)],
  ];

  it.each(jobs)('%s runs no other model, wherever it was', async (_, work) => {
    const all = leavingAt(vision.pipeline, Number.POSITIVE_INFINITY);
    await work(all.signal);
    vi.restoreAllMocks();
    for (const at of [1, Math.ceil(all.runs() / 2), all.runs() - 1]) {
      const client = leavingAt(vision.pipeline, at);
      await expect(work(client.signal)).rejects.toBe(reason);
      expect(client.runs()).toBe(at);
      vi.restoreAllMocks();
    }
  });

  it.each(jobs)('%s does not begin when it left before', async (_, work) => {
    const { runs } = leavingAt(vision.pipeline, 0);
    await expect(work(AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(runs()).toBe(0);
  });
});
