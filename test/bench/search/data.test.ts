import { cosine } from '@openfrs/search';
import { expect, it } from 'vitest';
import { makeDataset, spreadFaces } from './data.ts';

const dim = 64;
// Few faces, that reach less and less far in later dimensions.
const { vectors: directions } = makeDataset('random', 300, dim, 1);
const faces = Array.from({ length: 300 }, (_, i) => {
  const face = directions.slice(i * dim, (i + 1) * dim).map((value, d) => value / (1 + d / 8));
  const length = Math.hypot(...face);
  return face.map((value) => value / length);
});
const spread = spreadFaces(faces, 5000, 40);

/** Of unit vectors, how much of their squared length is in the first dimensions. */
function shareIn(first: number, vectors: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < vectors.length; at += 1) if (at % dim < first) sum += vectors[at]! ** 2;
  return sum / (vectors.length / dim);
}

it('keeps how far the faces reach in which dimensions', () => {
  const all = Float32Array.from(faces.flatMap((face) => [...face]));
  for (const first of [4, 16, 32]) expect(shareIn(first, spread.vectors)).toBeCloseTo(shareIn(first, all), 1);
});

it('makes five photos of a person, and asks for every other one by a new photo', () => {
  const row = (at: number) => spread.vectors.subarray(at * dim, (at + 1) * dim);
  const best = (query: Float32Array) =>
    Math.max(...Array.from({ length: spread.n }, (_, at) => cosine(query, row(at))));
  const mean = (from: number, step: number) => {
    let sum = 0;
    for (let at = from; at + step < spread.n; at += 5) sum += cosine(row(at), row(at + step));
    return sum / (spread.n / 5);
  };
  expect(mean(0, 1)).toBeCloseTo(0.64, 1);
  expect(Math.abs(mean(4, 1))).toBeLessThan(0.1);
  expect(spread.queries).toHaveLength(40);
  const known = spread.queries.filter((_, q) => q % 2 === 0).map(best);
  expect(Math.min(...known)).toBeGreaterThan(0.4);
});
