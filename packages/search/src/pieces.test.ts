import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bruteForce, faceRow, randomFrom, randomVector, specOf } from '../test/support.ts';
import { createIndex, encodeSegment, openSegment, readSegmentPlan } from './index.ts';
import { Pieces } from './pieces.ts';

const whole = Uint8Array.from({ length: 5000 }, (_, i) => (i * 31) & 255);
const range = { offset: 700, length: 4000 };

it('gives back any stretch of what came in any order, parts of it twice', () => {
  const cuts = fc.array(fc.integer({ min: 0, max: 4000 }), { maxLength: 20 });
  const piece = fc.tuple(fc.integer({ min: 0, max: 3999 }), fc.integer({ min: 0, max: 900 }));
  fc.assert(
    fc.property(cuts, fc.array(piece), fc.integer(), (places, again, seed) => {
      const pieces = new Pieces(range);
      const ends = [...new Set([0, ...places, 4000])].sort((a, b) => a - b);
      const parts = ends.slice(1).map((end, i) => [ends[i]!, end] as const);
      for (const [from, length] of again) parts.push([from, Math.min(4000, from + length)]);
      const random = randomFrom(seed);
      for (const [from, to] of parts.sort(() => random() - 0.5)) {
        pieces.add(range.offset + from, whole.subarray(range.offset + from, range.offset + to));
      }
      expect(pieces.order()).toBe(true);
      const [start, stop] = [700 + Math.floor(random() * 2000), 2700 + Math.floor(random() * 2000)];
      const target = new Uint8Array(stop - start);
      pieces.copy(start, stop, target);
      expect(Buffer.compare(target, whole.subarray(start, stop))).toBe(0);
    }),
  );
});

it.each([
  ['nothing came', []],
  ['the start is missing', [[701, 4700]]],
  ['the end is missing', [[700, 4699]]],
  [
    'something between is missing',
    [
      [700, 2000],
      [2001, 4700],
    ],
  ],
] as const)('knows when %s', (_, parts) => {
  const pieces = new Pieces(range);
  for (const [from, to] of parts) pieces.add(from, whole.subarray(from, to));
  expect(pieces.order()).toBe(false);
});

it('is searched as it came, with what is removed meanwhile, and the same once it is brought together', async () => {
  const random = randomFrom(9);
  const spec = specOf(192);
  const rows = Array.from({ length: 6000 }, (_, i) => faceRow(i, randomVector(192, random)));
  const file = encodeSegment(spec, rows);
  const segment = openSegment(readSegmentPlan(file));
  const cuts = [0, ...Array.from({ length: 40 }, () => Math.floor(random() * file.length)), file.length];
  const ends = cuts.sort((a, b) => a - b);
  for (let i = ends.length - 1; i > 0; i -= 1) {
    segment.write(ends[i - 1]!, file.subarray(ends[i - 1]!, ends[i]!));
  }
  segment.finish('codes');
  const index = createIndex(spec);
  index.attach(segment);
  const vectors = [1, 2, 3].map(() => randomVector(192, random));
  const read = async (numbers: readonly number[]) => numbers.map((number) => rows[number]!.vector);
  const options = { topN: 25, minCosine: -1, read };
  const left = () => rows.filter(({ number }) => index.has(number));
  const check = async () => {
    const expected = vectors.map((vector) => bruteForce(left(), vector, options));
    expect(await index.searchMany({ ...options, vectors })).toEqual(expected);
    expect(await index.search({ ...options, vector: vectors[0]! })).toEqual(expected[0]);
  };
  await check();
  for (const { number } of bruteForce(rows, vectors[0]!, { topN: 10, minCosine: -1 })) index.remove(number);
  await check();
  segment.finish('columns');
  await check();
  segment.finish('vectors');
  await check();
  expect(index.size).toBe(5990);
});
