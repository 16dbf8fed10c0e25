import { describe, expect, it } from 'vitest';
import {
  bruteForce,
  bruteForceGroups,
  faceRow,
  matches,
  randomFrom,
  randomVector,
  segmentOf,
  someWeight,
  specOf,
} from '../test/support.ts';
import { cosine, createIndex } from './index.ts';

const all = { minCosine: -1 };

describe.each([64, 100, 192, 512])('search of %i dimensions', (dimension) => {
  const random = randomFrom(dimension);
  const spec = specOf(dimension, { bucket: 'integer' });
  const rows = Array.from({ length: 5000 }, (_, i) =>
    faceRow(i * 2, randomVector(dimension, random), { fields: { bucket: i % 100 } }),
  );
  // Two segments, one of them too small for a memory of its own, and a tail.
  const index = createIndex(spec);
  index.attach(segmentOf(spec, rows.slice(0, 4000)));
  index.attach(segmentOf(spec, rows.slice(4000, 4301)));
  index.append(rows.slice(4301));
  for (const { number } of rows.filter((_, i) => i % 10 === 3)) index.remove(number);
  const left = rows.filter((_, i) => i % 10 !== 3);
  const queries = Array.from({ length: 21 }, () => randomVector(dimension, random));
  queries[4] = rows[88]!.vector;

  it.each([1, 10, 1000, 9999])('answers the top %i as brute force does', async (topN) => {
    for (const vector of queries.slice(0, 6)) {
      const options = { topN, ...all };
      expect(await index.search({ vector, ...options })).toEqual(bruteForce(left, vector, options));
    }
  });

  it.each([2, 16, 21])('answers %i queries at once as one by one', async (count) => {
    const vectors = queries.slice(0, count);
    const answers = await index.searchMany({ vectors, topN: 20, ...all });
    expect(answers).toEqual(vectors.map((vector) => bruteForce(left, vector, { topN: 20, ...all })));
  });

  it.each([0, 1, 10, 50, 90, 100])(
    'looks only at the %i in a hundred rows that pass a filter',
    async (percent) => {
      const high = { value: percent, inclusive: false };
      const filter = { kind: 'range', field: 'bucket', low: undefined, high } as const;
      const passing = left.filter((row) => matches(filter, row));
      const answers = await index.searchMany({ vectors: queries, topN: 7, filter, ...all });
      expect(answers).toEqual(queries.map((vector) => bruteForce(passing, vector, { topN: 7, ...all })));
      expect(await index.search({ vector: queries[0]!, topN: 7, filter, ...all })).toEqual(answers[0]);
    },
  );

  it('leaves out what is below the least cosine asked for', async () => {
    for (const minCosine of [0.05, cosine(queries[0]!, left[99]!.vector), 1]) {
      const options = { topN: 1000, minCosine };
      expect(await index.search({ vector: queries[0]!, ...options })).toEqual(
        bruteForce(left, queries[0]!, options),
      );
    }
  });

  it('finds a vector itself with a cosine of exactly 1', async () => {
    const { vector, number } = rows[88]!;
    expect(await index.search({ vector, topN: 1, ...all })).toEqual([{ number, cosine: 1 }]);
  });

  it.each([
    ['all the same', {}],
    ['differently', { weightOf: someWeight }],
  ])('groups by person, whose photos weigh %s', async (_, weights) => {
    const options = { topN: 5, ...all, ...weights };
    const vectors = queries.slice(0, 2);
    const persons = await index.searchMany({ vectors, groupBy: 'external_image_id', ...options });
    expect(persons).toEqual(
      vectors.map((vector) =>
        bruteForceGroups(left, vector, options).map(({ number, cosine }) => ({
          number,
          cosine: expect.closeTo(cosine, 12),
        })),
      ),
    );
  });

  it('answers persons of one similarity in the order of adding', async () => {
    const same = createIndex(specOf(64));
    const vector = randomVector(64, random);
    const numbers = Array.from({ length: 3000 }, (_, i) => (i * 7919) % 3001);
    same.append(numbers.map((number) => faceRow(number, vector, { externalImageId: `p${number}` })));
    const persons = await same.search({ vector, topN: 3, groupBy: 'external_image_id', ...all });
    expect(persons.map(({ number }) => number)).toEqual([...numbers].sort((a, b) => a - b).slice(0, 3));
  });
});

it('breaks ties by number, however the rows came', async () => {
  const vector = randomVector(64, randomFrom(1));
  const index = createIndex(specOf(64));
  index.append([9, 4, 7].map((number) => faceRow(number, vector)));
  index.attach(
    segmentOf(
      specOf(64),
      [2, 5, 8].map((number) => faceRow(number, vector)),
    ),
  );
  const hits = await index.search({ vector, topN: 4, ...all });
  expect(hits.map((hit) => hit.number)).toEqual([2, 4, 5, 7]);
});

it('refuses what makes no sense', async () => {
  const index = createIndex(specOf(64));
  const vector = randomVector(64, randomFrom(1));
  expect(() => createIndex(specOf(63))).toThrow(RangeError);
  expect(() => createIndex(specOf(1025))).toThrow(RangeError);
  await expect(index.search({ vector, topN: 0, ...all })).rejects.toThrow(RangeError);
  await expect(index.search({ vector: vector.subarray(1), topN: 1, ...all })).rejects.toThrow(RangeError);
  await expect(index.search({ vector: vector.fill(Number.NaN), topN: 1, ...all })).rejects.toThrow(
    RangeError,
  );
  expect(() => index.append([faceRow(1, vector)])).toThrow(RangeError);
  expect(() => index.append([faceRow(-1, new Float32Array(64))])).toThrow(RangeError);
  expect(index.size).toBe(0);
});
