import { availableParallelism } from 'node:os';
import { runToEnd, type Steps } from '@openfrs/contract/steps';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { faceRow, facesLike, randomFrom, randomVector, segmentOf, specOf } from '../../test/support.ts';
import type { Block } from '../block.ts';
import { Candidates } from '../candidates.ts';
import { Probe } from '../quantise.ts';
import { rescoreInMemory } from '../rescore.ts';
import type { Search } from '../scan.ts';
import type { LoadedSegment } from '../segment.ts';
import { Tail } from '../tail.ts';
import type { Hit } from '../types.ts';
import { segmentParts } from '../types.ts';
import { control } from './control.ts';
import { type ScanThreads, scanBlocks } from './scan-blocks.ts';
import type { SharedScan } from './scan-thread.ts';
import { scanThread } from './thread-supply.ts';

const dimension = 64;
const spec = specOf(dimension);
/** A morsel and a little more. */
const segmentRows = 16_390;
const tailRows = 50;
const made = randomFrom(26);
/** Of the first segment, whose rows are along axes of its own. */
const alike = facesLike(dimension, made);
const rows = Array.from({ length: 4 * segmentRows + tailRows }, (_, number) =>
  faceRow(number, number < segmentRows ? alike() : randomVector(dimension, made)),
);
const segments = [0, 1, 2, 3].map((i) => {
  const own = rows.slice(i * segmentRows, (i + 1) * segmentRows);
  return segmentOf(spec, own, segmentParts, 1_000_000) as LoadedSegment;
});
const tail = new Tail(spec);
for (const row of rows.slice(4 * segmentRows)) tail.append(row);
const [a, b, c, d] = segments as [LoadedSegment, LoadedSegment, LoadedSegment, LoadedSegment];
const sets: readonly (readonly Block[])[] = [
  [a, b, c, tail],
  [d, c],
  [b, tail, d, a],
];

/** The scan that the thread was told last. */
let last: SharedScan | undefined;
const together: ScanThreads = {
  sharedFrom: 0,
  thread: () => ({
    begin(...asked) {
      const scan = scanThread()!.begin(...asked);
      last = scan ?? last;
      return scan;
    },
  }),
};
const alone: ScanThreads = { sharedFrom: 0, thread: () => undefined };

interface Query {
  readonly vector: Float32Array;
  readonly topN: number;
  readonly blocks: readonly Block[];
}

function begun({ vector, topN, blocks }: Query, threads: ScanThreads) {
  const search: Search = { probe: new Probe(vector, dimension), candidates: new Candidates(topN, -1) };
  return { search, steps: scanBlocks(blocks, search, threads) };
}

/** Undefined where a row was removed since it was found, and the search is done again. */
function bestOf(search: Search, { topN }: Query): Hit[] | undefined {
  const { scored, isStale } = runToEnd(rescoreInMemory(search));
  return isStale ? undefined : runToEnd(scored.best(topN, -1));
}

/** What one thread answers, undisturbed. */
function answerOfOne(query: Query): Hit[] | undefined {
  const { search, steps } = begun(query, alone);
  runToEnd(steps);
  return bestOf(search, query);
}

function waitForThread(ms: number): void {
  if (last) Atomics.wait(last.words, control.done, 0, ms);
}

function removeRow(number: number): void {
  for (const block of [...segments, tail]) {
    const row = block.find(number);
    if (row !== undefined) block.deleteRow(row);
  }
}

/** Searches of several sets, in steps that come in any order, with removals and ends between. */
function interleave(random: () => number): void {
  const upTo = (end: number) => Math.floor(random() * end);
  const active: (Query & { search: Search; steps: Steps<void> })[] = [];
  let left = 8;
  while (left > 0 || active.length > 0) {
    const action = random();
    if (active.length === 0 || (left > 0 && active.length < 5 && action < 0.1)) {
      if (left === 0) break;
      left -= 1;
      // Itself is to be found, if it is there.
      const { vector } = rows[upTo(rows.length)]!;
      const query = { vector, topN: [1, 3, 100][upTo(3)]!, blocks: sets[upTo(sets.length)]! };
      active.push({ ...query, ...begun(query, together) });
      continue;
    }
    const at = upTo(active.length);
    const one = active[at]!;
    if (action < 0.2) waitForThread(20);
    else if (action < 0.25) removeRow(upTo(rows.length));
    else if (action < 0.26) {
      if (random() < 0.5) one.steps.return();
      active.splice(at, 1);
    } else if (one.steps.next(true).done) {
      const found = bestOf(one.search, one);
      if (found) {
        expect(found).toEqual(answerOfOne(one));
        active.splice(at, 1);
      } else active[at] = { ...one, ...begun(one, together) };
    }
  }
}

describe.skipIf(availableParallelism() < 2)('searches by two threads that are paused in turn', () => {
  beforeAll(() => {
    const query = { vector: rows[0]!.vector, topN: 1, blocks: sets[0]! };
    runToEnd(begun(query, together).steps);
    waitForThread(10_000);
  });

  it('answer to the bit what one thread answers', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => interleave(randomFrom(seed))),
      { numRuns: 40, endOnFailure: true },
    );
  });

  it('keeps what was found for a search that is paused while another one is done', () => {
    const paused = { vector: rows[3 * segmentRows - 1]!.vector, topN: 3, blocks: sets[0]! };
    const other = { vector: rows[4 * segmentRows - 1]!.vector, topN: 3, blocks: sets[1]! };
    waitForThread(10_000);
    const { search, steps } = begun(paused, together);
    const before = last;
    while (last === before) steps.next(true);
    waitForThread(10_000);
    const second = begun(other, together);
    runToEnd(second.steps);
    while (!steps.next(true).done);
    expect(bestOf(search, paused)).toEqual(answerOfOne(paused));
    expect(bestOf(second.search, other)).toEqual(answerOfOne(other));
  });
});
