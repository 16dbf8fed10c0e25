import { runToEnd } from '@openfrs/contract/steps';
import { expect, it } from 'vitest';
import { faceRow, segmentOf, specOf } from '../../test/support.ts';
import type { LoadedSegment } from '../segment.ts';
import { Columns } from './columns.ts';
import { Dictionary, StringColumn } from './string-column.ts';

const boxOf = (width: number) => ({ topLeftX: 1, topLeftY: 65_535, width, height: 0 });

it.each([
  ['16 bits where they hold all of them', 2, [65_535, 3]],
  ['32 bits where one is larger', 4, [3, 65_536]],
  ['32 bits where one is negative', 4, [-1, 3]],
])('a segment keeps its boxes, in %s', (_, bytes, widths) => {
  const rows = widths.map((width, number) =>
    faceRow(number, new Float32Array(64).fill(1), { box: boxOf(width) }),
  );
  const { columns } = segmentOf(specOf(64), rows) as LoadedSegment;
  expect(columns!.boxes.BYTES_PER_ELEMENT).toBe(bytes);
  expect(widths.map((_, row) => columns!.box(row))).toEqual(widths.map(boxOf));
});

it('narrows the boxes of a whole segment in steps', () => {
  const columns = Columns.empty({});
  columns.grow(131_072);
  columns.boxes.fill(65_535);
  const steps = columns.narrowBoxes();
  let pauses = 0;
  while (!steps.next(true).done) pauses += 1;
  expect(pauses).toBe(7);
  expect(columns.boxes.BYTES_PER_ELEMENT).toBe(2);
  expect(columns.boxes.every((side) => side === 65_535)).toBe(true);
});

it.each([
  ['1 byte', 255, 1],
  ['2 bytes', 256, 2],
  ['4 bytes', 65_536, 4],
])('a segment keeps the codes of its texts in %s each where there are %i texts', (_, texts, bytes) => {
  const ends = Uint32Array.from({ length: texts }, (_, i) => 6 * (i + 1));
  const name = (i: number) => i.toString().padStart(6, '0');
  const dictionary = new Dictionary(Buffer.from(Array.from(ends, (_, i) => name(i)).join('')), ends);
  const column = new StringColumn(
    Uint32Array.from({ length: 70_000 }, (_, row) => (row % (texts + 1)) as number),
    dictionary,
  );
  runToEnd(column.narrow());
  expect(column.codes.BYTES_PER_ELEMENT).toBe(bytes);
  expect([column.get(0), column.get(1), column.get(texts)]).toEqual([undefined, name(0), name(texts - 1)]);
  column.set(3, 'new');
  column.set(4, undefined);
  column.set(5, 'newer');
  expect([3, 4, 5, 6].map((row) => column.get(row))).toEqual(['new', undefined, 'newer', name(5)]);
  expect(column.get(texts)).toBe(name(texts - 1));
});
