import { runToEnd, type Steps } from '@openfrs/contract/steps';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import {
  bruteForce,
  faceRow,
  facesLike,
  matches,
  randomFrom,
  randomVector,
  specOf,
} from '../test/support.ts';
import { Candidates } from './candidates.ts';
import { dot } from './cosine.ts';
import { fitRotation } from './fit-rotation.ts';
import { encodeSegment, encodeSteps } from './format/encode.ts';
import { decodeHeader, encodeHeader } from './format/header.ts';
import { layoutOf, rotatedFrom } from './format/layout.ts';
import {
  codesRange,
  createIndex,
  encodeSegmentInSlices,
  openSegment,
  readSegmentPlan,
  SegmentDamaged,
  SegmentNewer,
  segmentHeaderBytes,
  segmentParts,
} from './index.ts';
import { startsOf } from './planes.ts';
import { Probe } from './quantise.ts';
import { deviationOf } from './rotation.ts';
import { type Search, scanBlock } from './scan.ts';
import type { LoadedSegment } from './segment.ts';
import { scanBlocks } from './threads/scan-blocks.ts';
import type { ByteRange, FaceRow, SegmentPart } from './types.ts';

/** A rotated segment of these rows; `large`: put where it is scanned as it comes. */
function rotated(
  rows: readonly FaceRow[],
  parts: readonly SegmentPart[] = segmentParts,
  large = false,
): LoadedSegment {
  const spec = specOf(rows[0]!.vector.length, { bucket: 'integer' });
  const file = encodeSegment(spec, rows, 0);
  const plan = readSegmentPlan(file.subarray(0, segmentHeaderBytes));
  const segment = openSegment(plan, large ? 10_000_000 : rows.length) as LoadedSegment;
  for (const part of parts) {
    const { offset, length } = plan.parts[part];
    // In two pieces, that neither planes nor sections end at.
    const half = Math.floor(length / 2) - 3;
    segment.write(offset, file.slice(offset, offset + half));
    segment.write(offset + half, file.slice(offset + half, offset + length));
    segment.finish(part);
  }
  return segment;
}

const someRows = (dimension: number, count: number, seed: number): FaceRow[] => {
  const random = randomFrom(seed);
  const vector = facesLike(dimension, random);
  const kinds = [
    () => vector(),
    () => vector().map((value) => value * 1e-12),
    () => vector().map((value) => value * 1e15),
    () => randomVector(dimension, random),
    () => new Float32Array(dimension),
    () => new Float32Array(dimension).fill(1, 3, 4),
  ];
  return Array.from({ length: count }, (_, i) => {
    const kind = random() < 0.9 ? 0 : Math.floor(random() * kinds.length);
    return faceRow(2 * i, kinds[kind]!(), { fields: { bucket: i % 10 } });
  });
};

const shape = fc.record({
  dimension: fc.constantFrom(64, 64, 99, 130),
  count: fc.integer({ min: 1, max: 400 }),
  seed: fc.integer(),
});

it('bounds every cosine, by each plane alone and by all of them', () => {
  const check = ({ dimension, count, seed }: { dimension: number; count: number; seed: number }) => {
    const rows = someRows(dimension, count, seed);
    const { quantised } = rotated(rows);
    const { rotation, planes, scales, errors, remainders } = quantised;
    if (rotation === undefined) return;
    const halves = new Uint16Array(remainders!.buffer, remainders!.byteOffset, 2 * remainders!.length);
    const codes = planes.map((bytes, plane) => {
      const of = new Int8Array(bytes * count);
      quantised.copyCodes(plane, 0, count, of);
      return of;
    });
    for (const vector of [rows[0]!.vector, facesLike(dimension, randomFrom(seed))(), rows.at(-1)!.vector]) {
      const { ints, unit, slack, lengths } = new Probe(vector, dimension).for(rotation);
      const squared = dot(vector, vector);
      for (const [row, { vector: own }] of rows.entries()) {
        const length = Math.sqrt(squared * dot(own, own));
        const cosine = length === 0 ? 0 : dot(vector, own) / length;
        let estimate = 0;
        const within = startsOf(planes).map((start, plane) => {
          for (let i = 0; i < planes[plane]!; i += 1) {
            estimate += unit * scales[row]! * ints[start + i]! * codes[plane]![row * planes[plane]! + i]!;
          }
          const beyond = plane < 2 ? lengths[plane]! * halves[2 * row + plane]! : 0;
          return Math.abs(cosine - estimate) <= errors[row]! + slack + beyond;
        });
        expect(within, `row ${row} of ${count}`).toEqual([true, true, true]);
      }
    }
  };
  fc.assert(fc.property(shape, check), { numRuns: 10 });
});

it('finds what brute force does, in memory, in pieces and among others', async () => {
  let rotations = 0;
  const check = async ({ dimension, count, seed }: { dimension: number; count: number; seed: number }) => {
    const rows = someRows(dimension, count, seed);
    const read = async (numbers: readonly number[]) => numbers.map((number) => rows[number / 2]?.vector);
    const random = randomFrom(seed + 1);
    const vectors = [rows[Math.floor(random() * count)]!.vector, randomVector(dimension, random)];
    for (let i = 0; i < 4; i += 1)
      vectors.push(rows[i % count]!.vector.map((value, d) => value + (d === i ? 0.1 : 0)));
    const removed = rows[Math.floor(random() * count)]!.number;
    const left = rows.filter(({ number }) => number !== removed);
    const filter = { kind: 'equals', field: 'bucket', value: Math.floor(random() * 10) } as const;
    const half = Math.ceil(count / 2);
    const sets = [
      [rotated(rows)],
      [rotated(rows, ['codes'])],
      [rotated(rows, ['codes', 'columns'], true)],
      [rotated(rows.slice(0, half)), ...(half < count ? [rotated(rows.slice(half))] : [])],
    ];
    for (const [at, segments] of sets.entries()) {
      const index = createIndex(specOf(dimension, { bucket: 'integer' }));
      for (const segment of segments) {
        index.attach(segment);
        if (segment.quantised.rotation) rotations += 1;
      }
      index.remove(removed);
      for (const topN of [1, 7, 1000]) {
        const options = { topN, minCosine: topN === 7 ? 0.1 : -1, read };
        const expected = vectors.map((vector) => bruteForce(left, vector, options));
        expect(await index.searchMany({ vectors, ...options })).toEqual(expected);
        expect(await index.search({ vector: vectors[0]!, ...options })).toEqual(expected[0]);
        if (at === 1) continue;
        const passing = left.filter((row) => matches(filter, row));
        const vector = vectors[1]!;
        const filtered = await index.search({ vector, filter, ...options });
        expect(filtered).toEqual(bruteForce(passing, vector, options));
      }
    }
  };
  await fc.assert(fc.asyncProperty(shape, check), { numRuns: 8 });
  expect(rotations).toBeGreaterThan(8);
});

const axesOf = (dimension: number, vectors: readonly Float32Array[]) =>
  runToEnd(fitRotation(dimension, vectors.length, (row) => vectors[row]!));

it('finds what brute force does among rows that are scanned where they lie, in three planes', async () => {
  const [dimension, count] = [130, 2200];
  const rows = someRows(dimension, count, 21);
  const segment = rotated(rows, segmentParts, true);
  const { rotation, resident, planes, stride } = segment.quantised;
  expect([rotation, resident]).not.toContain(undefined);
  expect(Math.min(...planes)).toBeGreaterThan(0);
  expect(count * stride).toBeGreaterThan(256 * 1024);
  const index = createIndex(specOf(dimension, { bucket: 'integer' }));
  index.attach(segment);
  const vectors = [5, 700, 2199].map((row) => rows[row]!.vector);
  vectors.push(randomVector(dimension, randomFrom(22)));
  // Of one row in ten: by a list.
  const filter = { kind: 'equals', field: 'bucket', value: 5 } as const;
  const passing = rows.filter((row) => matches(filter, row));
  for (const options of [
    { topN: 1, minCosine: -1 },
    { topN: 20, minCosine: 0.1 },
  ]) {
    const expected = vectors.map((vector) => bruteForce(rows, vector, options));
    expect(await index.searchMany({ vectors, ...options })).toEqual(expected);
    for (const [i, vector] of vectors.entries()) {
      expect(await index.search({ vector, ...options })).toEqual(expected[i]);
      expect(await index.search({ vector, filter, ...options })).toEqual(
        bruteForce(passing, vector, options),
      );
    }
  }
});

describe('the axes', () => {
  it('are orthonormal, and the first plane holds most of each vector', () => {
    const vector = facesLike(192, randomFrom(3));
    const vectors = Array.from({ length: 2000 }, vector);
    const rotation = axesOf(192, vectors)!;
    expect(runToEnd(deviationOf(rotation, 192))).toBeLessThan(2e-5);
    const [first, second, third] = rotation.planes;
    expect(first + second + third).toBe(192);
    expect(first).toBeLessThanOrEqual(96);
    expect(rotation.spreads[0]).toBeCloseTo(1, 3);
  });

  it('are not looked for where every direction is as likely', () => {
    const random = randomFrom(4);
    expect(
      axesOf(
        128,
        Array.from({ length: 1000 }, () => randomVector(128, random)),
      ),
    ).toBeUndefined();
  });

  it('are defined for vectors that lie in a line, and for none', () => {
    const line = facesLike(64, randomFrom(5))();
    const rotation = axesOf(
      64,
      Array.from({ length: 10 }, (_, i) => line.map((value) => value * (i - 5))),
    )!;
    expect(rotation.planes[0]).toBe(32);
    expect(runToEnd(deviationOf(rotation, 64))).toBeLessThan(1e-5);
    expect(axesOf(64, [new Float32Array(64)])).toBeUndefined();
  });
});

describe('steps', () => {
  /** How often work pauses. */
  function pausesOf(steps: Steps<unknown>): number {
    for (let pauses = 0; ; pauses += 1) if (steps.next(false).done) return pauses;
  }

  it('of making a segment read few rows each, and compare few texts', () => {
    const vector = facesLike(64, randomFrom(9));
    const counted = { rows: 0, texts: 0, compared: 0 };
    const rows = Array.from({ length: 5000 }, (_, i) => {
      const { vector: own, externalImageId, ...rest } = faceRow(i, vector());
      return {
        ...rest,
        fields: { city: `${(i * 7919) % 5000}` },
        get vector() {
          counted.rows += 1;
          return own;
        },
        get externalImageId() {
          counted.texts += 1;
          return externalImageId;
        },
      };
    });
    const compare = Buffer.compare;
    vi.spyOn(Buffer, 'compare').mockImplementation((a, b) => {
      counted.compared += 1;
      return compare(a, b);
    });
    const most = { rows: 0, texts: 0, compared: 0 };
    const steps = encodeSteps(specOf(64, { city: 'string' }), rows, 0);
    for (let isDone = false; !isDone; ) {
      Object.assign(counted, { rows: 0, texts: 0, compared: 0 });
      isDone = steps.next(false).done === true;
      for (const what of ['rows', 'texts', 'compared'] as const)
        most[what] = Math.max(most[what], counted[what]);
    }
    vi.restoreAllMocks();
    // The columns' codes are looked up in the dictionary, too: 13 comparisons a text of 5000.
    expect(most.rows).toBeLessThanOrEqual(1024);
    expect(most.texts).toBeLessThanOrEqual(1024);
    expect(most.compared).toBeLessThanOrEqual(512 * 2 * 14);
    expect(most.compared).toBeGreaterThan(512);
  });

  it('of a search turn one query for one segment each', () => {
    const dimension = 130;
    const vector = facesLike(dimension, randomFrom(6));
    const rows = Array.from({ length: 1700 }, (_, i) => faceRow(i, vector()));
    const file = encodeSegment(specOf(dimension), rows, 0);
    const blocks = Array.from({ length: 6 }, () => {
      const segment = openSegment(readSegmentPlan(file), 10_000_000) as LoadedSegment;
      segment.write(0, file);
      segment.finish('codes');
      return segment;
    });
    const isResident = ({ quantised }: LoadedSegment) => Boolean(quantised.rotation && quantised.resident);
    expect(blocks.every(isResident)).toBe(true);
    const searchesOf = (count: number): Search[] =>
      Array.from({ length: count }, () => ({
        ...{ probe: new Probe(vector(), dimension), candidates: new Candidates(3, -1) },
      }));
    const alone = scanBlocks(blocks, searchesOf(1)[0]!, { thread: () => undefined, sharedFrom: 0 });
    const together = scanBlock(blocks[0]!, searchesOf(6));
    for (const steps of [alone, together]) {
      const known = new Map<Probe, Set<unknown>>();
      let turned = 0;
      const original = Probe.prototype.for;
      const spy = vi.spyOn(Probe.prototype, 'for');
      spy.mockImplementation(function (this: Probe, rotation) {
        const seen = known.get(this) ?? new Set();
        known.set(this, seen);
        if (!seen.has(rotation)) turned += 1;
        seen.add(rotation);
        return original.call(this, rotation);
      });
      const most: number[] = [];
      for (let isDone = false; !isDone; ) {
        turned = 0;
        isDone = steps.next(false).done === true;
        most.push(turned);
      }
      spy.mockRestore();
      expect(Math.max(...most)).toBe(1);
      expect(most.reduce((sum, one) => sum + one, 0)).toBe(6);
    }
  });

  it('of finding axes grow in number with the dimension, and none are found of more than 512', () => {
    const dimension = 256;
    const vector = facesLike(dimension, randomFrom(2));
    const rows = Array.from({ length: 50 }, vector);
    // Nine products of matrices and eight times orthonormal lines.
    const matrix = dimension ** 3;
    const fit = fitRotation(dimension, rows.length, (row) => rows[row]!);
    expect(pausesOf(fit)).toBeGreaterThan((17 * matrix) / 400_000);
    const rotation = axesOf(dimension, rows)!;
    expect(pausesOf(deviationOf(rotation, dimension))).toBeGreaterThan(matrix / 2 / 400_000);
    const one = new Float32Array(513).fill(1);
    expect(pausesOf(fitRotation(513, 1, () => one))).toBe(0);
    expect(axesOf(513, [one])).toBeUndefined();
  });
});

const end = ({ offset, length }: ByteRange) => offset + length;

describe('the file', () => {
  const rows = someRows(192, 300, 8);
  const spec = specOf(192, { bucket: 'integer' });

  it('of few rows is that of the first version', () => {
    expect(rotatedFrom).toBeGreaterThan(rows.length);
    const file = encodeSegment(spec, rows);
    expect(Buffer.from(file.subarray(24, 60)).toString()).toContain('"version":1');
  });

  it('is the same made at once and in slices', async () => {
    const vector = facesLike(64, randomFrom(1));
    const some = Array.from({ length: 200 }, vector);
    const many = Array.from({ length: rotatedFrom }, (_, i) => faceRow(i, some[i % 200]!));
    const file = encodeSegment(specOf(64), many);
    expect(Buffer.from(file.subarray(24, 60)).toString()).toContain('"version":2');
    expect(Buffer.compare(await encodeSegmentInSlices(specOf(64), many), file)).toBe(0);
    // What a cold search reads before it knows the header is enough for it, and not beyond the end of a file without axes.
    const asked = end(codesRange(64, many.length));
    expect(asked).toBe(end(readSegmentPlan(file).parts.codes));
    const plain = readSegmentPlan(encodeSegment(specOf(64), many, Number.POSITIVE_INFINITY));
    expect(asked).toBeGreaterThan(end(plain.parts.codes));
    expect(asked).toBeLessThan(plain.byteLength);
  });

  it('of a later version is refused as such, whatever else its header says', () => {
    const header = decodeHeader(encodeSegment(spec, rows, 0));
    const layout = layoutOf(header, header.rows, header.dictionaries, header.planes);
    const stringify = JSON.stringify;
    const written = (version: unknown) => {
      const spy = vi.spyOn(JSON, 'stringify');
      spy.mockImplementation((value) => stringify({ ...value, version, byteLength: 'further' }));
      const bytes = encodeHeader(header, layout);
      spy.mockRestore();
      return bytes;
    };
    expect(() => decodeHeader(written(3))).toThrow(SegmentNewer);
    for (const version of [0, 2, 2.5, '3', undefined]) {
      expect(() => decodeHeader(written(version)), `${version}`).toThrow(SegmentDamaged);
    }
  });

  it('is refused where its planes are not those of its dimension', () => {
    const header = decodeHeader(encodeSegment(spec, rows, 0));
    const layout = layoutOf(header, header.rows, header.dictionaries, header.planes);
    expect(decodeHeader(encodeHeader(header, layout))).toEqual(header);
    for (const planes of [[96, 96, 32], [64, 64, 63], undefined] as const) {
      const wrong = encodeHeader({ ...header, planes }, layout);
      expect(() => decodeHeader(wrong), String(planes)).toThrow(SegmentDamaged);
    }
  });
});
