import type { FieldValue, Filter } from '@openfrs/contract';
import type { Block } from '../block.ts';
import type { Columns } from '../columns/columns.ts';
import { faceIdBytes } from '../columns/columns.ts';
import { StringColumn } from '../columns/string-column.ts';
import type { ValueColumn } from '../columns/value-column.ts';
import { type Bitmap, bitmapOf, intersect, invert, unite } from './bitmap.ts';
import { type Interval, longInterval, numberInterval } from './interval.ts';

/**
 * The live rows of a block that match.
 * @throws RangeError a field that is not in the schema, a range over texts
 * @throws Error the block's columns are not in memory yet
 */
export function matchingRows(filter: Filter, block: Block): Bitmap {
  if (!block.columns) throw new Error('A filter needs the columns part of every segment');
  return intersect(evaluate(filter, block.columns, block.rows), block.alive);
}

function evaluate(filter: Filter, columns: Columns, rows: number): Bitmap {
  switch (filter.kind) {
    case 'and':
      return filter.operands.map((operand) => evaluate(operand, columns, rows)).reduce(intersect);
    case 'or':
      return filter.operands.map((operand) => evaluate(operand, columns, rows)).reduce(unite);
    case 'not':
      return invert(evaluate(filter.operand, columns, rows));
    case 'equals':
      return equals(filter.field, filter.value, columns, rows);
    case 'range': {
      const column = columns.fields.get(filter.field);
      if (!column || column instanceof StringColumn) throw new RangeError(`No range over ${filter.field}`);
      return column.type === 'long'
        ? longsWithin(column, longInterval(filter.low, filter.high), rows)
        : numbersWithin(column, numberInterval(filter.low, filter.high), rows);
    }
  }
}

function equals(field: string, value: FieldValue, columns: Columns, rows: number): Bitmap {
  if (field === 'face_id') return faceIdIs(String(value), columns.faceIds, rows);
  const column = field === 'external_image_id' ? columns.externalImageId : columns.fields.get(field);
  if (!column) throw new RangeError(`No field ${field}`);
  if (column instanceof StringColumn) return textIs(column, String(value), rows);
  if (typeof value === 'bigint') return longsWithin(column, { low: value, high: value }, rows);
  return numbersWithin(column, { low: Number(value), high: Number(value) }, rows);
}

function textIs(column: StringColumn, text: string, rows: number): Bitmap {
  const matches = bitmapOf(rows);
  const wanted = column.dictionary.find(text);
  if (wanted === undefined) return matches;
  const { codes } = column;
  for (let row = 0; row < rows; row += 1) {
    if (codes[row] === wanted) matches[row >> 5]! |= 1 << (row & 31);
  }
  return matches;
}

function faceIdIs(faceId: string, faceIds: Uint8Array, rows: number): Bitmap {
  const matches = bitmapOf(rows);
  const bytes = Buffer.from(faceId, 'utf8');
  if (bytes.length !== faceIdBytes) return matches;
  const wanted = new Uint32Array(new Uint8Array(bytes).buffer);
  const halves = new Uint32Array(faceIds.buffer, faceIds.byteOffset, rows * 2);
  const [first, second] = wanted;
  for (let row = 0; row < rows; row += 1) {
    if (halves[row * 2] === first && halves[row * 2 + 1] === second) matches[row >> 5]! |= 1 << (row & 31);
  }
  return matches;
}

function numbersWithin(column: ValueColumn, { low, high }: Interval<number>, rows: number): Bitmap {
  const { values } = column;
  if (values instanceof BigInt64Array) throw new RangeError('A number for a long');
  const matches = bitmapOf(rows);
  for (let word = 0, row = 0; word < matches.length; word += 1) {
    let bits = 0;
    for (const end = Math.min(rows, row + 32); row < end; row += 1) {
      const value = values[row]!;
      if (value >= low && value <= high) bits |= 1 << (row & 31);
    }
    matches[word] = bits & column.present[word]!;
  }
  return matches;
}

/** Compares halves instead of bigints, which would be made for every row. */
function longsWithin(column: ValueColumn, { low, high }: Interval<bigint>, rows: number): Bitmap {
  const { values } = column;
  if (!(values instanceof BigInt64Array)) throw new RangeError(`A long for a field of type ${column.type}`);
  const matches = bitmapOf(rows);
  const lows = new Uint32Array(values.buffer, values.byteOffset, rows * 2);
  const highs = new Int32Array(values.buffer, values.byteOffset, rows * 2);
  const [lowLow, lowHigh] = [Number(BigInt.asUintN(32, low)), Number(low >> 32n)];
  const [highLow, highHigh] = [Number(BigInt.asUintN(32, high)), Number(high >> 32n)];
  for (let row = 0; row < rows; row += 1) {
    const upper = highs[row * 2 + 1]!;
    if (upper < lowHigh || upper > highHigh) continue;
    const lower = lows[row * 2]!;
    if (upper === lowHigh && lower < lowLow) continue;
    if (upper === highHigh && lower > highLow) continue;
    matches[row >> 5]! |= 1 << (row & 31);
  }
  return intersect(matches, column.present);
}
