import { describe, expect, it } from 'vitest';
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

/** Reads vectors as from the records, and counts them. */
function reader(): VectorReader & { rows: number } {
  const read = async (numbers: readonly number[]) => {
    result.rows += numbers.length;
    await new Promise((resolve) => setTimeout(resolve, 5));
    return numbers.map((number) => rows[number]?.vector);
  };
  const result = Object.assign(read, { rows: 0 });
  return result;
}

it('searches exactly with nothing but the codes in memory, reading few vectors', async () => {
  const index = createIndex(spec);
  const read = reader();
  index.attach(segmentOf(spec, rows, ['codes']));
  expect(await index.search({ vector, ...options, read })).toEqual(bruteForce(rows, vector, options));
  expect(read.rows).toBeGreaterThanOrEqual(10);
  expect(read.rows).toBeLessThan(200);
  expect([index.has(17), index.vector(17), index.has(rows.length)]).toEqual([true, undefined, false]);
});

it('reads no vectors once they are in memory', async () => {
  const index = createIndex(spec);
  const read = reader();
  const file = encodeSegment(spec, rows);
  const segment = openSegment(readSegmentPlan(file));
  segment.write(0, file);
  segment.finish('codes');
  index.attach(segment);
  segment.finish('vectors');
  expect(await index.search({ vector, ...options, read })).toEqual(bruteForce(rows, vector, options));
  expect(read.rows).toBe(0);
});

it('leaves out a row that is removed while vectors are read, and keeps one that moves to another segment', async () => {
  const index = createIndex(spec);
  index.attach(segmentOf(spec, rows, ['codes']));
  const [first, ...others] = bruteForce(rows, vector, { topN: 11, minCosine: -1 });
  const searching = index.search({ vector, ...options, read: reader() });
  index.remove(first!.number);
  index.attach(segmentOf(spec, rows));
  const hits = await searching;
  expect(hits.length).toBeGreaterThanOrEqual(9);
  expect(hits).toEqual(others.slice(0, hits.length));
  expect(index.segments).toHaveLength(1);
});

it('applies updates that came before the columns', async () => {
  const index = createIndex(spec);
  const file = encodeSegment(spec, rows);
  const segment = openSegment(readSegmentPlan(file));
  segment.write(0, file);
  segment.finish('codes');
  index.attach(segment);
  index.update(5, { fields: { a_string: 'later' }, externalImageId: 'new' });
  index.remove(6);
  expect(() => index.row(5)).toThrow('columns');
  await expect(index.match({ kind: 'equals', field: 'a_string', value: 'later' })).rejects.toThrow('columns');
  segment.finish('columns');
  expect(index.row(5)).toMatchObject({ fields: { a_string: 'later' }, externalImageId: 'new' });
  expect(await index.match({ kind: 'equals', field: 'a_string', value: 'later' })).toEqual([5]);
  segment.write(0, file);
  expect(index.row(5)?.externalImageId).toBe('new');
  expect(index.row(6)).toBeUndefined();
});

it('passes on a failure to read, and refuses a wrong number of vectors', async () => {
  const index = createIndex(spec);
  index.attach(segmentOf(spec, rows, ['codes']));
  const search = (read?: VectorReader) => index.search({ vector, ...options, ...(read && { read }) });
  await expect(search(() => Promise.reject(new Error('no such table')))).rejects.toThrow('no such table');
  await expect(search(async () => [new Float32Array(128)])).rejects.toThrow('were read for');
  await expect(search(async (numbers) => numbers.map(() => new Float32Array(1)))).rejects.toThrow(
    'were read',
  );
  await expect(search()).rejects.toThrow(RangeError);
  const grouped = index.search({ vector, ...options, groupBy: 'external_image_id', read: reader() });
  await expect(grouped).rejects.toThrow('all parts');
});

it('leaves out faces that turn out to be no more', async () => {
  const index = createIndex(spec);
  index.attach(segmentOf(spec, rows, ['codes']));
  const [first, ...others] = bruteForce(rows, vector, { topN: 10, minCosine: -1 });
  const read: VectorReader = async (numbers) =>
    numbers.map((number) => (number === first!.number ? undefined : rows[number]!.vector));
  const hits = await index.search({ vector, ...options, read });
  expect(hits.slice(0, 9)).toEqual(others);
});

it('attaches only segments that fit', () => {
  const index = createIndex(spec);
  expect(() => index.attach(segmentOf(specOf(128), []))).toThrow(RangeError);
  expect(() => index.attach(segmentOf(specOf(64, spec.fields), []))).toThrow(RangeError);
  expect(() => index.attach(segmentOf(spec, rows, ['columns', 'vectors']))).toThrow(RangeError);
});

it('counts the memory of what is there', () => {
  const index = createIndex(spec);
  const before = index.bytes;
  const segment = segmentOf(spec, rows, ['codes']);
  index.attach(segment);
  const { codes, vectors } = segment.plan.parts;
  expect(index.bytes - before).toBeGreaterThanOrEqual(codes.length);
  expect(index.bytes - before).toBeLessThan(codes.length + 1000);
  index.append(rows.map((row) => ({ ...row, number: row.number + 5000 })));
  expect(index.bytes).toBeGreaterThan(codes.length + vectors.length);
});

it('keeps a face of 192 dimensions with three fields in 1.3 times its int8 vector', () => {
  const threeFields = specOf(192, { age: 'integer', badge: 'long', team: 'string' });
  const faces = Array.from({ length: 3000 }, (_, i) =>
    faceRow(i, randomVector(192, random), {
      externalImageId: `person-${Math.floor(i / 5)}`,
      fields: { age: i % 60, badge: BigInt(i), team: `team_${i % 40}` },
    }),
  );
  expect(segmentOf(threeFields, faces, ['codes', 'columns']).bytes / 3000).toBeLessThan(1.3 * 192);
});

describe('a search of many vectors that aren\u2019t in memory', () => {
  const vectors = Array.from({ length: 40 }, () => randomVector(128, random));

  function counting(onRead: (calls: number) => void = () => {}) {
    const counts = { calls: 0, running: 0, most: 0 };
    const read: VectorReader = async (numbers) => {
      counts.most = Math.max(counts.most, ++counts.running);
      onRead(++counts.calls);
      await new Promise((resolve) => setTimeout(resolve, 2));
      counts.running -= 1;
      return numbers.map((number) => rows[number]?.vector);
    };
    return { counts, read };
  }
  const cold = () => {
    const index = createIndex(spec);
    index.attach(segmentOf(spec, rows, ['codes']));
    return index;
  };

  it('reads for a few of them at a time', async () => {
    const { counts, read } = counting();
    const found = await cold().searchMany({ vectors, ...options, read });
    expect(found).toEqual(vectors.map((one) => bruteForce(rows, one, options)));
    expect([counts.calls, counts.most]).toEqual([40, 4]);
  });

  it('reads no more once nobody waits for it, or once a read has failed', async () => {
    const client = new AbortController();
    const left = counting((calls) => calls === 3 && client.abort(new Error('left')));
    const { signal } = client;
    await expect(cold().searchMany({ vectors, ...options, read: left.read, signal })).rejects.toThrow('left');
    const failing = counting((calls) => {
      if (calls === 3) throw new Error('no');
    });
    await expect(cold().searchMany({ vectors, ...options, read: failing.read })).rejects.toThrow('no');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([left.counts.calls, failing.counts.calls]).toEqual([3, 4]);
  });
});
