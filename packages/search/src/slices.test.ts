import type { Filter } from '@openfrs/contract';
import { clock, turn } from '@openfrs/testing/turns';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  bruteForce,
  everyType,
  faceRow,
  matches,
  randomFields,
  randomFrom,
  randomVector,
  segmentOf,
  specOf,
} from '../test/support.ts';
import { createIndex, encodeSegment, openSegment, readSegmentPlan } from './index.ts';

describe('a long search beside changes', () => {
  const random = randomFrom(11);
  const spec = specOf(64, everyType);
  const rows = Array.from({ length: 4000 }, (_, i) =>
    faceRow(i, randomVector(64, random), { fields: randomFields(random) }),
  );
  const vector = randomVector(64, random);
  const all = { topN: 50, minCosine: -1 };
  /** Costs enough for many slices: conditions that can't be judged together. */
  const filter: Filter = {
    kind: 'or',
    operands: Array.from(
      { length: 400 },
      (_, i): Filter => ({
        kind: 'and',
        operands: [
          { kind: 'equals', field: 'a_integer', value: (i % 3) - 1 },
          { kind: 'equals', field: 'a_string', value: i % 2 ? 'text_1' : 'text_2' },
          { kind: 'range', field: 'a_double', low: { value: i / 1000, inclusive: true }, high: undefined },
        ],
      }),
    ),
  };

  const passing = rows.filter((row) => matches(filter, row));

  // A slice is over after eight steps, however fast the machine is.
  beforeEach(() => {
    vi.spyOn(performance, 'now').mockImplementation(clock());
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  function filled() {
    const index = createIndex(spec);
    index.attach(segmentOf(spec, rows.slice(0, 1500)));
    index.append(rows.slice(1500));
    return index;
  }

  it('answers hits only that are there and pass at its end, and misses none that stayed as they were', async () => {
    const index = filled();
    const doomed = bruteForce(passing, vector, { ...all, topN: 100 }).filter((_, i) => i % 3 === 0);
    const changed = bruteForce(passing, vector, { ...all, topN: 100 }).filter((_, i) => i % 3 === 1);
    const searching = index.search({ vector, ...all, filter });
    await turn();
    for (const { number } of doomed) index.remove(number);
    await turn();
    for (const { number } of changed) index.update(number, { fields: {} });
    index.append([faceRow(30_000, randomVector(64, random))]);
    const gone = new Set([...doomed, ...changed].map(({ number }) => number));
    const left = passing.filter(({ number }) => !gone.has(number));
    expect(await searching).toEqual(bruteForce(left, vector, all));
  });

  it('finds rows that move to a segment meanwhile', async () => {
    const index = filled();
    const searching = [
      index.search({ vector, ...all, filter }),
      index.search({ vector, ...all }),
      index.search({ vector: rows[5]!.vector, ...all }),
    ];
    const numbers = index.match(filter);
    await turn();
    index.attach(segmentOf(spec, rows));
    expect(await Promise.all(searching)).toEqual([
      bruteForce(passing, vector, all),
      bruteForce(rows, vector, all),
      bruteForce(rows, rows[5]!.vector, all),
    ]);
    expect(await numbers).toEqual(passing.map(({ number }) => number));
  });

  it('is as exact as alone while other searches use the same memory', async () => {
    const index = filled();
    const queries = Array.from({ length: 6 }, () => randomVector(64, random));
    const answers = await Promise.all([
      ...queries.map((query) => index.search({ vector: query, ...all, filter })),
      ...queries.map((query) => index.search({ vector: query, ...all })),
      index.searchMany({ vectors: queries, ...all }),
    ]);
    const expected = queries.map((query) => bruteForce(rows, query, all));
    expect(answers).toEqual([
      ...queries.map((query) => bruteForce(passing, query, all)),
      ...expected,
      expected,
    ]);
  });

  it('opens the parts of segments side by side as one after another', async () => {
    const file = encodeSegment(spec, rows);
    const segments = Array.from({ length: 3 }, () => openSegment(readSegmentPlan(file)));
    for (const segment of segments) segment.write(0, file);
    await Promise.all(segments.map((segment) => segment.finishInSlices('codes')));
    const index = createIndex(spec);
    index.attach(segments[0]!);
    const searching = index.search({
      ...{ vector, ...all },
      read: async (numbers) => numbers.map((number) => rows[number]?.vector),
    });
    await Promise.all(
      segments.flatMap((segment) => [segment.finishInSlices('vectors'), segment.finishInSlices('columns')]),
    );
    expect(await searching).toEqual(bruteForce(rows, vector, all));
    expect(await index.search({ vector, ...all })).toEqual(bruteForce(rows, vector, all));
  });
});

it('ends a search by person whose client has left', async () => {
  const spec = specOf(512);
  const random = randomFrom(7);
  const some = Array.from({ length: 100 }, () => randomVector(512, random));
  const index = createIndex(spec);
  index.append(Array.from({ length: 60_000 }, (_, i) => faceRow(i, some[i % 100]!)));
  const client = new AbortController();
  const options = { topN: 1, minCosine: -1, groupBy: 'external_image_id', signal: client.signal } as const;
  let weighed = 0;
  const weightOf = () => {
    weighed += 1;
    if (weighed === 1) client.abort(new Error('left'));
    return 1;
  };
  const searching = index.searchMany({ vectors: some, ...options, weightOf });
  await expect(searching).rejects.toThrow('left');
  expect(weighed).toBeLessThan(60_000);
});

it('keeps tails of any length whole: rows are found, removed and moved in each of them', async () => {
  const spec = specOf(64);
  const one = randomVector(64, randomFrom(5));
  const rows = Array.from({ length: 20_000 }, (_, i) => faceRow((i * 7919) % 20_000, one));
  const index = createIndex(spec);
  for (let start = 0; start < rows.length; start += 500) index.append(rows.slice(start, start + 500));
  index.append(rows);
  expect(index.size).toBe(20_000);
  expect(index.numbers()).toEqual(rows.map(({ number }) => number).sort((a, b) => a - b));
  expect([3, 9000, 19_999].map((number) => index.row(number)?.number)).toEqual([3, 9000, 19_999]);
  for (let number = 0; number < 20_000; number += 2) expect(index.remove(number)).toBe(true);
  expect([index.size, index.tailSize, index.has(4), index.has(5)]).toEqual([10_000, 10_000, false, true]);
  const ordered = [...rows].sort((a, b) => a.number - b.number);
  index.attach(segmentOf(spec, ordered));
  expect([index.size, index.tailSize]).toEqual([10_000, 0]);
  const hits = await index.search({ vector: one, topN: 3, minCosine: -1 });
  expect(hits.map(({ number }) => number)).toEqual([1, 3, 5]);
});

describe('boxes of a loaded segment', () => {
  const spec = specOf(64);
  const random = randomFrom(3);
  const vectors = Array.from({ length: 10 }, () => randomVector(64, random));
  const boxes = [
    { topLeftX: 0, topLeftY: 65_535, width: 1, height: 65_535 },
    { topLeftX: 65_536, topLeftY: 2, width: 3, height: 4 },
    { topLeftX: -1, topLeftY: -70_000, width: 2 ** 31 - 1, height: 5 },
  ];

  it.each(boxes)('are those that were written, of 16 bits or not: $topLeftX, $topLeftY', (box) => {
    const index = createIndex(spec);
    index.attach(segmentOf(spec, [faceRow(0, vectors[0]!), faceRow(1, vectors[1]!, { box })]));
    expect(index.row(1)?.box).toEqual(box);
    expect(index.row(0)?.box).toEqual(faceRow(0, vectors[0]!).box);
  });
});
