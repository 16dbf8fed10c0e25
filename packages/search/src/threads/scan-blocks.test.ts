import { availableParallelism } from 'node:os';
import { runInSlices } from '@openfrs/contract/steps';
import { describe, expect, it, vi } from 'vitest';
import {
  bruteForce,
  faceRow,
  facesLike,
  randomFrom,
  randomVector,
  segmentOf,
  specOf,
} from '../../test/support.ts';
import { Candidates } from '../candidates.ts';
import { Probe } from '../quantise.ts';
import { rescoreInMemory } from '../rescore.ts';
import type { LoadedSegment } from '../segment.ts';
import { Tail } from '../tail.ts';
import { segmentParts } from '../types.ts';
import { allLeft, control, takeFirst } from './control.ts';
import { type ScanThreads, scanBlocks } from './scan-blocks.ts';
import { ScanThread, type SharedScan } from './scan-thread.ts';
import { type Helper, scanThread } from './thread-supply.ts';

const dimension = 64;
const spec = specOf(dimension);
const random = randomFrom(25);
/** A morsel and a little more. */
const segmentRows = 16_390;
/** Of the first segment, whose rows are along axes of its own. */
const alike = facesLike(dimension, random);
const rows = Array.from({ length: 3 * segmentRows + 50 }, (_, number) =>
  faceRow(number, number < segmentRows ? alike() : randomVector(dimension, random)),
);

/** Three segments that a second thread can scan, each of two morsels, and a tail that it can't. */
function blocksOf() {
  const segments = [0, 1, 2].map((i) => {
    const own = rows.slice(i * segmentRows, (i + 1) * segmentRows);
    return segmentOf(spec, own, segmentParts, 1_000_000) as LoadedSegment;
  });
  const tail = new Tail(spec);
  for (const row of rows.slice(3 * segmentRows)) tail.append(row);
  return { segments, blocks: [...segments, tail] };
}
const { segments, blocks } = blocksOf();

async function bestOf(vector: Float32Array, topN: number, threads: ScanThreads, among = blocks) {
  const search = { probe: new Probe(vector, dimension), candidates: new Candidates(topN, -1) };
  await runInSlices(scanBlocks(among, search, threads));
  const { scored } = await runInSlices(rescoreInMemory(search));
  return runInSlices(scored.best(topN, -1));
}

/** Begins a scan as soon as the thread is free, and tells the search once `when` holds for it. */
function threadOnce(when: (words: Int32Array, morsels: number) => boolean): ScanThreads {
  const begin: Helper['begin'] = (shared, morsels, ...query) => {
    let scan: SharedScan | undefined;
    while (!scan) scan = scanThread()!.begin(shared, morsels, ...query);
    while (!when(scan.words, morsels.length / 3)) Atomics.wait(scan.words, control.done, 0, 1);
    return scan;
  };
  return { thread: () => ({ begin }), sharedFrom: 0 };
}
const hasTaken = (words: Int32Array, morsels: number) =>
  (Atomics.load(words, control.left) & 0xffff) < morsels;
const isDone = (words: Int32Array) => Atomics.load(words, control.done) === 1;
/** Whether or not it has begun. */
const eager: ScanThreads = { thread: scanThread, sharedFrom: 0 };

it('has rows along axes of their own, and others', () => {
  expect(segments.map(({ quantised }) => quantised.rotation !== undefined)).toEqual([true, false, false]);
});

describe.skipIf(availableParallelism() < 2)('a scan by two threads', () => {
  it.each([1, 10, 1000])('finds the same top %i as one thread', async (topN) => {
    for (let query = 0; query < 2; query += 1) {
      const vector = randomVector(dimension, random);
      const expected = bruteForce(rows, vector, { topN, minCosine: -1 });
      expect(await bestOf(vector, topN, threadOnce(hasTaken))).toEqual(expected);
    }
  });

  it('leaves out a row that is removed after the other thread has found it', async () => {
    const vector = rows[segmentRows - 1]!.vector;
    const own = blocksOf();
    const before = bruteForce(rows, vector, { topN: 4, minCosine: -1 });
    const removed = before[0]!.number;
    const { thread } = threadOnce(isDone);
    const threads: ScanThreads = {
      sharedFrom: 0,
      thread: () => ({
        begin(...asked) {
          const scan = thread()!.begin(...asked);
          for (const segment of own.segments) {
            const row = segment.find(removed);
            if (row !== undefined) segment.deleteRow(row);
          }
          return scan;
        },
      }),
    };
    expect(await bestOf(vector, 3, threads, own.blocks)).toEqual(before.slice(1));
  });

  it('is done alone for other searches meanwhile', async () => {
    const vectors = Array.from({ length: 3 }, () => randomVector(dimension, random));
    const expected = vectors.map((vector) => bruteForce(rows, vector, { topN: 10, minCosine: -1 }));
    expect(await Promise.all(vectors.map((vector) => bestOf(vector, 10, eager)))).toEqual(expected);
  });

  it('leaves the thread nothing once the search is given up', () => {
    let scan: SharedScan | undefined;
    const { thread } = threadOnce(hasTaken);
    const begin: Helper['begin'] = (...asked) => (scan = thread()!.begin(...asked));
    const search = { probe: new Probe(rows[0]!.vector, dimension), candidates: new Candidates(10, -1) };
    const steps = scanBlocks(blocks, search, { thread: () => ({ begin }), sharedFrom: 0 });
    while (!scan) steps.next(false);
    steps.return();
    expect(takeFirst(scan.words)).toBeUndefined();
  });

  it.each([
    ['stalls', 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)'],
    ['dies', 'throw new Error()'],
  ])('does what a thread that %s has left undone, after a moment', async (_, fate) => {
    const code = `
      const { workerData } = require('node:worker_threads');
      const take = ({ job: { words } }) => {
        Atomics.sub(words, ${control.left}, 2);
        Atomics.add(words, 3, 1);
        ${fate};
      };
      workerData.port.on('message', take);`;
    let isLost = false;
    const failing = new ScanThread(() => {
      isLost = true;
    }, code);
    let waits = 0;
    const begin: Helper['begin'] = (...asked) => {
      const scan = failing.begin(...asked);
      if (!scan) return undefined;
      while (Atomics.load(scan.words, 3) === 0) Atomics.wait(scan.words, control.done, 0, 1);
      const counted = () => {
        waits += 1;
        return scan.wait();
      };
      return new Proxy(scan, {
        get: (target, name) => {
          const value = name === 'wait' ? counted : Reflect.get(target, name);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      });
    };
    const threads: ScanThreads = { thread: () => ({ begin }), sharedFrom: 0 };
    for (let query = 0; query < 3; query += 1) {
      const vector = randomVector(dimension, random);
      const expected = bruteForce(rows, vector, { topN: 10, minCosine: -1 });
      expect(await bestOf(vector, 10, threads)).toEqual(expected);
    }
    // Half a millisecond each, once: it is asked for no more.
    expect(waits).toBeLessThanOrEqual(4);
    if (fate.startsWith('throw')) await vi.waitFor(() => expect(isLost).toBe(true));
  });
});

it('doesn\u2019t wait for a thread that has taken nothing', async () => {
  const vector = randomVector(dimension, random);
  const threads: ScanThreads = {
    sharedFrom: 0,
    thread: () => ({
      begin(_, morsels) {
        const words = new Int32Array(new SharedArrayBuffer(control.words * 4));
        words[control.left] = allLeft(morsels.length / 3);
        const fail = () => {
          throw new Error('waited');
        };
        return { words, raiseFloor: () => {}, wait: fail, take: fail, close: () => {} };
      },
    }),
  };
  expect(await bestOf(vector, 5, threads)).toEqual(bruteForce(rows, vector, { topN: 5, minCosine: -1 }));
});

it('asks for no thread for few rows', async () => {
  const vector = randomVector(dimension, random);
  const threads: ScanThreads = {
    sharedFrom: 48 * 2 ** 20,
    thread: () => {
      throw new Error('a thread');
    },
  };
  expect(await bestOf(vector, 5, threads)).toEqual(bruteForce(rows, vector, { topN: 5, minCosine: -1 }));
  expect(segments).toHaveLength(3);
});
