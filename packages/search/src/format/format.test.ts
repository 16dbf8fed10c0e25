import { describe, expect, it } from 'vitest';
import {
  everyType,
  faceRow,
  randomFields,
  randomFrom,
  randomVector,
  segmentOf,
  specOf,
} from '../../test/support.ts';
import {
  createIndex,
  encodeSegment,
  openSegment,
  readSegmentPlan,
  SegmentDamaged,
  segmentHeaderBytes,
  segmentMaxRows,
  segmentParts,
} from '../index.ts';

const random = randomFrom(5);
const spec = specOf(100, everyType);
const rows = Array.from({ length: 203 }, (_, i) =>
  faceRow(3 * i + 1, randomVector(100, random), {
    fields: randomFields(random),
    externalImageId: `人-${i % 9}`,
  }),
);
const file = encodeSegment(spec, rows);

describe('a segment file', () => {
  it('says in its header what it holds and where', () => {
    const plan = readSegmentPlan(file.subarray(0, segmentHeaderBytes));
    expect(plan).toMatchObject({
      ...spec,
      rows: 203,
      firstNumber: 1,
      lastNumber: 607,
      byteLength: file.length,
    });
    expect(plan.parts.codes.offset).toBe(segmentHeaderBytes);
    expect(plan.parts.vectors.offset + plan.parts.vectors.length).toBe(file.length);
  });

  it('gives back every row as it was, read in pieces of any size and order', async () => {
    const segment = openSegment(readSegmentPlan(file));
    const pieces = Array.from({ length: Math.ceil(file.length / 1000) }, (_, i) => i * 1000).reverse();
    for (const at of pieces) segment.write(at, file.subarray(at, at + 1000));
    for (const part of segmentParts) segment.finish(part);
    const index = createIndex(spec);
    index.attach(segment);
    for (const { vector, ...record } of rows) {
      expect(index.row(record.number)).toEqual(record);
      expect(index.vector(record.number)).toEqual(vector);
    }
  });

  it('is the same bytes for the same rows', () => {
    expect(encodeSegment(spec, rows)).toEqual(file);
  });

  it('may be empty', async () => {
    const index = createIndex(spec);
    index.attach(segmentOf(spec, []));
    expect(await index.search({ vector: rows[0]!.vector, topN: 5, minCosine: -1 })).toEqual([]);
  });

  it('is refused when any bit of it changed', () => {
    const { parts } = readSegmentPlan(file);
    const headerEnd = 24 + Buffer.from(file).readUInt32LE(8);
    for (let trial = 0; trial < 300; trial += 1) {
      const at =
        trial < 100
          ? Math.floor(random() * headerEnd)
          : 16_384 + Math.floor(random() * (file.length - 16_384));
      if (at >= 12 && at < 16) continue;
      const damaged = file.slice();
      damaged[at]! ^= 1 << Math.floor(random() * 8);
      const read = () => {
        const segment = openSegment(readSegmentPlan(damaged));
        segment.write(0, damaged);
        for (const part of segmentParts) segment.finish(part);
      };
      expect(read, `byte ${at} of ${JSON.stringify(parts)}`).toThrow(SegmentDamaged);
    }
  });

  it('is refused when it is cut short, or is something else', () => {
    expect(() => readSegmentPlan(file.subarray(0, 100))).toThrow(SegmentDamaged);
    expect(() => readSegmentPlan(new Uint8Array(segmentHeaderBytes))).toThrow(SegmentDamaged);
    const segment = openSegment(readSegmentPlan(file));
    segment.write(0, file.subarray(0, file.length - 500));
    expect(() => segment.finish('vectors')).toThrow(SegmentDamaged);
    expect(() => segment.write(file.length - 10, file.subarray(0, 11))).toThrow(RangeError);
  });

  it('takes only rows that fit it', () => {
    const [first, second] = rows;
    const wrong = (row: object) => () => encodeSegment(spec, [{ ...first!, ...row }]);
    expect(() => encodeSegment(spec, [second!, first!])).toThrow(RangeError);
    expect(wrong({ vector: new Float32Array(99) })).toThrow(RangeError);
    expect(wrong({ vector: new Float32Array(100).fill(Number.NaN) })).toThrow(RangeError);
    expect(wrong({ faceId: 'short' })).toThrow(RangeError);
    expect(wrong({ fields: { a_long: 5 } })).toThrow(RangeError);
    expect(wrong({ fields: { a_string: 5 } })).toThrow(RangeError);
    expect(wrong({ fields: { a_integer: 'x' } })).toThrow(RangeError);
    expect(() => encodeSegment(spec, new Array(segmentMaxRows + 1).fill(first))).toThrow(RangeError);
  });
});
