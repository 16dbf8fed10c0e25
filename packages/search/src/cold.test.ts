import { expect, it } from 'vitest';
import { bruteForce, faceRow, randomFrom, randomVector, segmentOf, specOf } from '../test/support.ts';
import { createIndex, encodeSegment, openSegment, readSegmentPlan } from './index.ts';
import type { VectorReader } from './types.ts';

const spec = specOf(128, { a_string: 'string' });
const random = randomFrom(3);
const rows = Array.from({ length: 3000 }, (_, i) =>
  faceRow(i, randomVector(128, random), { fields: { a_string: 'x' } }),
);
const vector = randomVector(128, random);
const options = { topN: 10, minCosine: -1 };

/** Reads vectors as from a file, and counts them. */
function reader(): VectorReader & { rows: number } {
  const read = async (places: readonly number[]) => {
    result.rows += places.length;
    await new Promise((resolve) => setTimeout(resolve, 5));
    return Float32Array.from(places.flatMap((place) => [...rows[place]!.vector]));
  };
  const result = Object.assign(read, { rows: 0 });
  return result;
}

it('searches exactly with nothing but the codes in memory, reading few vectors', async () => {
  const index = createIndex(spec);
  const read = reader();
  index.attach(segmentOf(spec, rows, ['codes']), read);
  expect(await index.search({ vector, ...options })).toEqual(bruteForce(rows, vector, options));
  expect(read.rows).toBeGreaterThanOrEqual(10);
  expect(read.rows).toBeLessThan(200);
  expect(await index.vector(17)).toEqual(rows[17]!.vector);
});

it('reads no vectors once they are in memory', async () => {
  const index = createIndex(spec);
  const read = reader();
  const file = encodeSegment(spec, rows);
  const segment = openSegment(readSegmentPlan(file));
  segment.write(0, file);
  segment.finish('codes');
  index.attach(segment, read);
  segment.finish('vectors');
  expect(await index.search({ vector, ...options })).toEqual(bruteForce(rows, vector, options));
  expect(read.rows).toBe(0);
});

it('leaves out a row that is removed while vectors are read, and keeps one that moves to another segment', async () => {
  const index = createIndex(spec);
  index.attach(segmentOf(spec, rows, ['codes']), reader());
  const [first, ...others] = bruteForce(rows, vector, { topN: 11, minCosine: -1 });
  const searching = index.search({ vector, ...options });
  index.remove(first!.number);
  index.attach(segmentOf(spec, rows));
  const hits = await searching;
  expect(hits.length).toBeGreaterThanOrEqual(9);
  expect(hits).toEqual(others.slice(0, hits.length));
  expect(index.segments).toHaveLength(1);
});

it('applies updates that came before the columns', () => {
  const index = createIndex(spec);
  const file = encodeSegment(spec, rows);
  const segment = openSegment(readSegmentPlan(file));
  segment.write(0, file);
  segment.finish('codes');
  index.attach(segment, reader());
  index.update(5, { fields: { a_string: 'later' }, externalImageId: 'new' });
  index.remove(6);
  expect(() => index.row(5)).toThrow('columns');
  expect(() => index.match({ kind: 'equals', field: 'a_string', value: 'later' })).toThrow('columns');
  segment.finish('columns');
  expect(index.row(5)).toMatchObject({ fields: { a_string: 'later' }, externalImageId: 'new' });
  expect(index.match({ kind: 'equals', field: 'a_string', value: 'later' })).toEqual([5]);
  segment.write(0, file);
  expect(index.row(5)?.externalImageId).toBe('new');
  expect(index.row(6)).toBeUndefined();
});

it('passes on a failure to read, and refuses a wrong number of vectors', async () => {
  const index = createIndex(spec);
  index.attach(segmentOf(spec, rows, ['codes']), () => Promise.reject(new Error('no such object')));
  await expect(index.search({ vector, ...options })).rejects.toThrow('no such object');
  const other = createIndex(spec);
  other.attach(segmentOf(spec, rows, ['codes']), async () => new Float32Array(128));
  await expect(other.search({ vector, ...options })).rejects.toThrow('were read for');
});

it('attaches only segments that fit, and only with a way to their vectors', () => {
  const index = createIndex(spec);
  expect(() => index.attach(segmentOf(specOf(128), []))).toThrow(RangeError);
  expect(() => index.attach(segmentOf(specOf(64, spec.fields), []))).toThrow(RangeError);
  expect(() => index.attach(segmentOf(spec, rows, ['codes']))).toThrow(RangeError);
  expect(() => index.attach(segmentOf(spec, rows, ['columns', 'vectors']))).toThrow(RangeError);
});

it('counts the memory of what is there', () => {
  const index = createIndex(spec);
  const before = index.bytes;
  const segment = segmentOf(spec, rows, ['codes']);
  index.attach(segment, reader());
  const { codes, vectors } = segment.plan.parts;
  expect(index.bytes - before).toBeGreaterThanOrEqual(codes.length);
  expect(index.bytes - before).toBeLessThan(codes.length + 1000);
  index.append(rows.map((row) => ({ ...row, number: row.number + 5000 })));
  expect(index.bytes).toBeGreaterThan(codes.length + vectors.length);
});
