import { photo } from '@openfrs/testing/photos';
import { createFacePipeline, type FacePipeline } from '@openfrs/vision/pipeline';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { createLiveness, type LocalLiveness } from './create-liveness.ts';

let pipeline: FacePipeline;
let liveness: LocalLiveness;
beforeAll(async () => {
  pipeline = await createFacePipeline({ threads: 1 });
  liveness = await createLiveness({ pipeline });
});
afterEach(() => {
  vi.restoreAllMocks();
});
afterAll(() => pipeline.close());

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

it('judgePhoto runs no other model once its client has left, wherever it was', async () => {
  const all = leavingAt(pipeline, Number.POSITIVE_INFINITY);
  await liveness.judgePhoto(photo(1), all.signal);
  vi.restoreAllMocks();
  for (const at of [1, Math.ceil(all.runs() / 2), all.runs() - 1]) {
    const client = leavingAt(pipeline, at);
    await expect(liveness.judgePhoto(photo(1), client.signal)).rejects.toBe(reason);
    expect(client.runs()).toBe(at);
    vi.restoreAllMocks();
  }
});

it('judgePhoto does not begin when its client left before', async () => {
  const { runs } = leavingAt(pipeline, 0);
  await expect(liveness.judgePhoto(photo(1), AbortSignal.abort(reason))).rejects.toBe(reason);
  expect(runs()).toBe(0);
});
