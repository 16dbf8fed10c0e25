import { createVideoDecoder } from '@openfrs/video';
import { beforeAll, expect, it, vi } from 'vitest';
import { greedyMovies } from './support/lying/iso-media.ts';

/*
 * Files of a kilobyte, some of them, whose tables tell of more samples than any memory holds. They are read in a thread of this process:
 * what it grows by is what they take.
 */
vi.setConfig({ testTimeout: 300_000 });

const mebibyte = 2 ** 20;
/** What FFmpeg may take in all (`limits.ts` of packages/video), and what else comes and goes in this process. */
const most = (512 + 150) * mebibyte;

// Only processor time and memory end them: a busy machine gives as much of both.
const decoder = createVideoDecoder({ ffmpegPath: null, totalMs: 600_000 });
beforeAll(() => decoder.warm());

/** What work rejects with, and by how much the process has grown at most meanwhile, in bytes. */
async function watched(work: () => Promise<unknown>): Promise<{ code: unknown; grown: number }> {
  const before = process.memoryUsage.rss();
  let peak = before;
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 10);
  try {
    const error = await work().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    return { code: (error as { code?: unknown } | undefined)?.code, grown: peak - before };
  } finally {
    clearInterval(timer);
  }
}

const greedy = greedyMovies();

it('knows such files', () => expect(greedy.length).toBeGreaterThan(3));

it.each(greedy)('an MP4 with %s is refused, for bounded memory', async (what, make) => {
  const file = make();
  const { code, grown } = await watched(() => decoder.decode(file, () => {}));
  expect([what, code, grown < most]).toEqual([what, 'FRS.0701', true]);
});
