import { fieldValue } from '@openfrs/contract';
import { checkVector, quantiseRow, strideOf } from '../quantise.ts';
import { allocate, hashRegion, type Region } from '../region.ts';
import type { FaceRow, IndexSpec } from '../types.ts';
import { encodeHeader } from './header.ts';
import {
  type DictionarySizes,
  externalImageId,
  type Layout,
  layoutOf,
  segmentMaxRows,
  stringColumns,
} from './layout.ts';
import { placeCodes, placeColumns } from './place-columns.ts';

/**
 * A segment file of these rows: at most `segmentMaxRows`, ascending by number.
 * @returns the whole file (FORMAT.md)
 * @throws RangeError too many rows, out of order, a vector of another dimension or not finite, a value not of its field's type
 */
export function encodeSegment(spec: IndexSpec, rows: readonly FaceRow[]): Uint8Array {
  if (rows.length > segmentMaxRows) throw new RangeError(`More than ${segmentMaxRows} rows in one segment`);
  const texts = new Map(stringColumns(spec.fields).map((name) => [name, sortedTexts(name, rows)]));
  const dictionaries: DictionarySizes = new Map(
    [...texts].map(([name, sorted]) => [
      name,
      { entries: sorted.length, bytes: sorted.reduce((sum, text) => sum + text.length, 0) },
    ]),
  );
  const layout = layoutOf(spec, rows.length, dictionaries);
  const region = allocate(layout.byteLength);
  const file = new Uint8Array(region.buffer, region.base, layout.byteLength);
  for (const [name, sorted] of texts) writeDictionary(file, layout, name, sorted);
  writeCodes(region, layout, spec, rows);
  const section = (name: string) => {
    const { offset, length } = layout.sections.get(name)!;
    return file.subarray(offset, offset + length);
  };
  const columns = placeColumns(section, spec, rows.length);
  for (const [row, face] of rows.entries()) columns.set(row, face);
  const hash = (part: keyof Layout['parts']) =>
    hashRegion(region, layout.parts[part].offset, layout.parts[part].length);
  const header = {
    ...{ rows: rows.length, dimension: spec.dimension, fields: spec.fields, dictionaries },
    firstNumber: rows[0]?.number ?? -1,
    lastNumber: rows.at(-1)?.number ?? -1,
    checksums: { codes: hash('codes'), columns: hash('columns'), vectors: hash('vectors') },
  };
  file.set(encodeHeader(header, layout));
  return file;
}

/** The distinct texts of a column as UTF-8, in ascending order of bytes. */
function sortedTexts(name: string, rows: readonly FaceRow[]): Uint8Array[] {
  const distinct = new Set<string>();
  for (const row of rows) {
    const text = name === externalImageId ? row.externalImageId : fieldValue(row.fields, name);
    if (text === undefined) continue;
    if (typeof text !== 'string') throw new RangeError(`Not a string: ${text}`);
    distinct.add(text);
  }
  return [...distinct].map((text) => Buffer.from(text, 'utf8')).sort(Buffer.compare);
}

function writeDictionary(
  file: Uint8Array,
  layout: Layout,
  name: string,
  sorted: readonly Uint8Array[],
): void {
  const utf8 = layout.sections.get(`${name}.utf8`)!.offset;
  const ends = layout.sections.get(`${name}.ends`)!.offset;
  const view = new DataView(file.buffer, file.byteOffset);
  let end = 0;
  for (const [entry, text] of sorted.entries()) {
    file.set(text, utf8 + end);
    end += text.length;
    view.setUint32(ends + entry * 4, end, true);
  }
}

function writeCodes(region: Region, layout: Layout, spec: IndexSpec, rows: readonly FaceRow[]): void {
  const { dimension } = spec;
  const stride = strideOf(dimension);
  const { codes, scales, errors } = placeCodes(region, layout, stride);
  errors.fill(Number.NEGATIVE_INFINITY);
  const numbers = new Float64Array(
    region.buffer,
    region.base + layout.sections.get('numbers')!.offset,
    rows.length,
  );
  const vectors = new Float32Array(
    region.buffer,
    region.base + layout.sections.get('vectors')!.offset,
    rows.length * dimension,
  );
  let last = -1;
  for (const [row, { number, vector }] of rows.entries()) {
    if (!Number.isSafeInteger(number) || number <= last)
      throw new RangeError(`Row ${row}: number ${number} after ${last}`);
    last = number;
    checkVector(vector, dimension);
    const { scale, error } = quantiseRow(vector, codes, row * stride);
    scales[row] = scale;
    errors[row] = error;
    numbers[row] = number;
    vectors.set(vector, row * dimension);
  }
}
