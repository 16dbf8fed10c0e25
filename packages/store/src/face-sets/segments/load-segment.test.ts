import { Readable } from 'node:stream';
import { codesRange, encodeSegment, type FaceRow, readSegmentPlan } from '@openfrs/search';
import { expect, it } from 'vitest';
import { loadSegment } from './load-segment.ts';
import type { SegmentObjects } from './segment-objects.ts';

it('takes no memory for vectors that reading ahead has reached', async () => {
  const [dimension, rows] = [512, 16_384];
  const vector = new Float32Array(dimension).fill(1);
  const box = { topLeftX: 0, topLeftY: 0, width: 1, height: 1 };
  const faces = Array.from(
    { length: rows },
    (_, number): FaceRow => ({ number, faceId: 'abcdefgh', box, externalImageId: '', fields: {}, vector }),
  );
  const file = Buffer.from(encodeSegment({ dimension, fields: {} }, faces, Number.POSITIVE_INFINITY));
  const { parts, byteLength } = readSegmentPlan(file);
  const { offset, length } = codesRange(dimension, rows);
  expect(offset + length).toBeGreaterThan(parts.vectors.offset);
  const coldReadBytes = parts.columns.offset + parts.columns.length;
  const entry = { key: 'k', from: 0, to: rows, rows, bytes: byteLength, coldReadBytes };
  const read = async (_: string, from: number, to: number) => Readable.from([file.subarray(from, to)]);
  const objects = { read } as unknown as SegmentObjects;
  const { segment, loadPart } = await loadSegment(objects, entry, { dimension, rowsOfSet: 0 });
  expect(Reflect.get(segment, 'cold') === undefined).toBe(true);
  await loadPart('vectors');
  expect(Reflect.get(segment, 'cold') === undefined).toBe(false);
});
