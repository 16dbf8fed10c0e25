import { expect, it } from 'vitest';
import { costPage, type Measured, written } from './page.ts';

const requests = { reads: 0, writes: 0, gets: 0, processorMs: 150 };
const row = (peakMegabytes: number, ...sizes: [megabytes: number, ms: number][]): Measured => ({
  name: 'face-detect',
  deployed: 1024,
  sizes: sizes.map(([megabytes, ms]) => ({ ...requests, megabytes, ms, leastMs: ms, peakMegabytes })),
});
const cheapest = (measured: Measured) => /\| (\d+ MB|none) \|\n\nA full set/.exec(costPage([measured]))?.[1];

it('names the memory of the lowest price, and of prices alike the fastest', () => {
  expect(cheapest(row(100, [512, 400], [1024, 200], [2048, 150]))).toBe('1024 MB');
  expect(cheapest(row(100, [512, 400], [1024, 230], [2048, 150]))).toBe('512 MB');
});

it('names none that the process hardly fits into', () => {
  expect(cheapest(row(450, [512, 100], [1024, 200]))).toBe('1024 MB');
  expect(cheapest(row(900, [512, 100], [1024, 200]))).toBe('none');
});

it('prices a call by its time and memory, with the request and the gateway', () => {
  // 1,000 calls of 0.2 s with 1 GB are 200 GB-seconds.
  expect(costPage([row(100, [1024, 200])])).toContain(
    '| face-detect | 1024 | 200 | 150 | 0.0045 | 0.0000 | 0.0045 |',
  );
});

it('writes nothing but the marked part of a page', () => {
  const page = 'before\n<!-- made by npm run bench cost -->\nold\n<!-- end -->\nafter\n';
  const next = written(page, 'new');
  expect(next).toBe('before\n<!-- made by npm run bench cost -->\n\nnew\n\n<!-- end -->\nafter\n');
  expect(() => written('before\n', 'new')).toThrow('no part between');
});
