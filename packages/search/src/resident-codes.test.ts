import { expect, it, vi } from 'vitest';
import { bruteForce, faceRow, randomFrom, randomVector, specOf } from '../test/support.ts';
import { createIndex, encodeSegment, openSegment, readSegmentPlan, SegmentDamaged } from './index.ts';
import type { LoadedSegment } from './segment.ts';

const random = randomFrom(31);
const spec = specOf(192);
/** Of this segment, its codes' padding and its numbers included, nothing ends where a network's buffer does. */
const rows = Array.from({ length: 3001 }, (_, i) => faceRow(3 * i, randomVector(192, random)));
const file = encodeSegment(spec, rows);
const { codes } = readSegmentPlan(file).parts;
const large = 1_000_000;
const options = { topN: 20, minCosine: -1 };
const vectorOf = (number: number) => rows[number / 3]?.vector;
const read = async (numbers: readonly number[]) => numbers.map(vectorOf);

/** Writes the file's codes from one buffer that is used again, as a caller may who was told that none is kept. */
function writeCodes(
  segment: LoadedSegment,
  pieceBytes: number,
  left: (from: number) => boolean = () => false,
) {
  const buffer = new Uint8Array(pieceBytes);
  const starts = Array.from({ length: Math.ceil(codes.length / pieceBytes) }, (_, i) => i * pieceBytes);
  for (const from of starts.reverse()) {
    const bytes = Math.min(pieceBytes, codes.length - from);
    buffer.set(file.subarray(codes.offset + from, codes.offset + from + bytes));
    if (!left(from)) segment.write(codes.offset + from, buffer.subarray(0, bytes));
  }
}
const open = (rowsOfSet: number) => openSegment(readSegmentPlan(file), rowsOfSet) as LoadedSegment;

it.each([65_536, 1000, codes.length])(
  'keeps no buffer of a large set, pieces of %i bytes',
  async (pieceBytes) => {
    const segment = open(large);
    writeCodes(segment, pieceBytes);
    segment.finish('codes');
    expect(segment.quantised.resident?.kernel.shared).toBeDefined();
    const index = createIndex(spec);
    index.attach(segment);
    const vector = randomVector(192, random);
    const expected = bruteForce(rows, vector, options);
    expect(await index.search({ vector, ...options, read })).toEqual(expected);
    index.remove(expected[0]!.number);
    expect(index.has(9)).toBe(expected[0]!.number !== 9);
    // What comes again is left alone.
    segment.write(codes.offset, file.subarray(codes.offset, codes.offset + codes.length));
    expect(await index.search({ vector, ...options, topN: 19, read })).toEqual(expected.slice(1));
  },
);

it.each([
  ['at the start', 0],
  ['at the end, among the numbers', Math.floor(codes.length / 1000) * 1000],
])('knows that bytes of a large set are missing %s', (_, missing) => {
  const segment = open(large);
  writeCodes(segment, 1000, (from) => from === missing);
  expect(() => segment.finish('codes')).toThrow(SegmentDamaged);
  expect(segment.has('codes')).toBe(false);
});

it('does the same with a segment that is too small for a memory of its own', async () => {
  const few = rows.slice(0, 30);
  const small = encodeSegment(spec, few);
  const segment = openSegment(readSegmentPlan(small), large);
  segment.write(0, small);
  segment.finish('codes');
  const index = createIndex(spec);
  index.attach(segment);
  const vector = randomVector(192, random);
  expect(await index.search({ vector, ...options, read })).toEqual(bruteForce(few, vector, options));
});

it('can be scanned by another thread, however small the set was when it was loaded', () => {
  const segment = open(rows.length);
  segment.write(0, file);
  segment.finish('codes');
  segment.finish('columns');
  expect(segment.quantised.resident?.kernel.shared).toBeDefined();
});

it('is finished once by two who finish it, also where a row is removed between', async () => {
  const many = Array.from({ length: 12_000 }, (_, i) => faceRow(i, vectorOf(3 * (i % 3000))!));
  const longer = encodeSegment(spec, many);
  const segment = openSegment(readSegmentPlan(longer), large) as LoadedSegment;
  segment.write(0, longer);
  let time = 0;
  // Each look at the clock is a slice later: the first finish pauses after its first step.
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => (time += 10));
  const first = segment.finishInSlices('codes');
  segment.finish('codes');
  segment.deleteRow(11_999);
  clock.mockRestore();
  await expect(first).resolves.toBeUndefined();
});
