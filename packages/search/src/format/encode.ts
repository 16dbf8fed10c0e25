import { fieldValue } from '@openfrs/contract';
import { runInSlices, runToEnd, type Steps } from '@openfrs/contract/steps';
import { fitRotation } from '../fit-rotation.ts';
import { startsOf } from '../planes.ts';
import { checkVector, quantiseRow, strideOf } from '../quantise.ts';
import { quantiseRotated } from '../quantise-rotated.ts';
import { allocate, hashRegionSteps, type Region } from '../region.ts';
import type { Rotation } from '../rotation.ts';
import { sortSteps } from '../sort.ts';
import type { ByteRange, FaceRow, IndexSpec } from '../types.ts';
import { encodeHeader } from './header.ts';
import {
  type DictionarySizes,
  externalImageId,
  type Layout,
  layoutOf,
  rotatedFrom,
  segmentMaxRows,
  stringColumns,
} from './layout.ts';
import { placeCodes, placeColumns } from './place-columns.ts';

/** Rows that are written between two pauses: less than a millisecond. */
const rowsAtOnce = 512;

/**
 * A segment file of these rows: at most `segmentMaxRows`, ascending by number.
 * @param least rows of which the axes are found that they are quantised along
 * @returns the whole file (FORMAT.md)
 * @throws RangeError too many rows, out of order, a vector of another dimension or not finite, a value not of its field's type
 */
export function encodeSegment(spec: IndexSpec, rows: readonly FaceRow[], least = rotatedFrom): Uint8Array {
  return runToEnd(encodeSteps(spec, rows, least));
}

/** The same, a slice of it in each turn of the event loop: the rows must stay as they are meanwhile. */
export function encodeSegmentInSlices(spec: IndexSpec, rows: readonly FaceRow[]): Promise<Uint8Array> {
  return runInSlices(encodeSteps(spec, rows, rotatedFrom));
}

/** The work of both: see `encodeSegment`. */
export function* encodeSteps(spec: IndexSpec, rows: readonly FaceRow[], least: number): Steps<Uint8Array> {
  if (rows.length > segmentMaxRows) throw new RangeError(`More than ${segmentMaxRows} rows in one segment`);
  const texts = new Map<string, Texts>();
  for (const name of stringColumns(spec.fields)) texts.set(name, yield* sortedTexts(name, rows));
  const dictionaries: DictionarySizes = new Map(
    [...texts].map(([name, { sorted, bytes }]) => [name, { entries: sorted.length, bytes }]),
  );
  yield* checkRows(spec, rows);
  const vectorOf = (row: number) => rows[row]!.vector;
  const rotation =
    rows.length < least ? undefined : yield* fitRotation(spec.dimension, rows.length, vectorOf);
  const layout = layoutOf(spec, rows.length, dictionaries, rotation?.planes);
  const region = allocate(layout.byteLength);
  const file = new Uint8Array(region.buffer, region.base, layout.byteLength);
  for (const [name, { sorted }] of texts) yield* writeDictionary(file, layout, name, sorted);
  yield* writeCodes(region, layout, spec, rows, rotation);
  const section = (name: string) => {
    const { offset, length } = layout.sections.get(name)!;
    return file.subarray(offset, offset + length);
  };
  const columns = placeColumns(section, spec, rows.length);
  for (const [row, face] of rows.entries()) {
    if (row % rowsAtOnce === 0) yield;
    columns.set(row, face);
  }
  const { codes, columns: columnBytes, vectors } = layout.parts;
  const hash = ({ offset, length }: ByteRange) => hashRegionSteps(region, offset, length);
  const header = {
    ...{ rows: rows.length, dimension: spec.dimension, fields: spec.fields, dictionaries },
    planes: rotation?.planes,
    firstNumber: rows[0]?.number ?? -1,
    lastNumber: rows.at(-1)?.number ?? -1,
    checksums: {
      codes: yield* hash(codes),
      columns: yield* hash(columnBytes),
      vectors: yield* hash(vectors),
    },
  };
  file.set(encodeHeader(header, layout));
  return file;
}

/** The distinct texts of a column as UTF-8, in ascending order of bytes, and their bytes together. */
interface Texts {
  readonly sorted: readonly Uint8Array[];
  readonly bytes: number;
}

function* sortedTexts(name: string, rows: readonly FaceRow[]): Steps<Texts> {
  const distinct = new Set<string>();
  const encoded: Uint8Array[] = [];
  let bytes = 0;
  for (const [at, row] of rows.entries()) {
    if (at % rowsAtOnce === 0) yield;
    const text = name === externalImageId ? row.externalImageId : fieldValue(row.fields, name);
    if (text === undefined || distinct.has(text as string)) continue;
    if (typeof text !== 'string') throw new RangeError(`Not a string: ${text}`);
    distinct.add(text);
    const utf8 = Buffer.from(text, 'utf8');
    encoded.push(utf8);
    bytes += utf8.length;
  }
  return { sorted: yield* sortSteps(encoded, (a, b) => Buffer.compare(a, b)), bytes };
}

function* writeDictionary(
  file: Uint8Array,
  layout: Layout,
  name: string,
  sorted: readonly Uint8Array[],
): Steps<void> {
  const utf8 = layout.sections.get(`${name}.utf8`)!.offset;
  const ends = layout.sections.get(`${name}.ends`)!.offset;
  const view = new DataView(file.buffer, file.byteOffset);
  let end = 0;
  for (const [entry, text] of sorted.entries()) {
    if (entry % rowsAtOnce === 0) yield;
    file.set(text, utf8 + end);
    end += text.length;
    view.setUint32(ends + entry * 4, end, true);
  }
}

/** @throws RangeError */
function* checkRows(spec: IndexSpec, rows: readonly FaceRow[]): Steps<void> {
  let last = -1;
  for (const [row, { number, vector }] of rows.entries()) {
    if (row % rowsAtOnce === 0) yield;
    if (!Number.isSafeInteger(number) || number <= last)
      throw new RangeError(`Row ${row}: number ${number} after ${last}`);
    last = number;
    checkVector(vector, spec.dimension);
  }
}

function* writeCodes(
  region: Region,
  layout: Layout,
  spec: IndexSpec,
  rows: readonly FaceRow[],
  rotation: Rotation | undefined,
): Steps<void> {
  const { dimension } = spec;
  const stride = strideOf(dimension);
  const at = (name: string) => region.base + layout.sections.get(name)!.offset;
  const { codes, scales, errors, planes, remainders } = placeCodes(region, layout, stride);
  errors.fill(Number.NEGATIVE_INFINITY);
  const numbers = new Float64Array(region.buffer, at('numbers'), rows.length);
  const vectors = new Float32Array(region.buffer, at('vectors'), rows.length * dimension);
  for (const [row, { number, vector }] of rows.entries()) {
    if (row % rowsAtOnce === 0) yield;
    numbers[row] = number;
    vectors.set(vector, row * dimension);
  }
  if (rotation && remainders) {
    new Float32Array(region.buffer, at('rotation'), dimension ** 2).set(rotation.matrix);
    new Float32Array(region.buffer, at('spreads'), dimension).set(rotation.spreads);
    const begins = startsOf(planes).map((start) => start * scales.length);
    yield* quantiseRotated(rotation, rows.length, (row) => rows[row]!.vector, {
      ...{ scales, errors, planes: begins.map((begin) => codes.subarray(begin)) },
      remainders: new Uint16Array(remainders.buffer, remainders.byteOffset, 2 * remainders.length),
    });
    return;
  }
  for (const [row, { vector }] of rows.entries()) {
    if (row % rowsAtOnce === 0) yield;
    const { scale, error } = quantiseRow(vector, codes, row * stride);
    scales[row] = scale;
    errors[row] = error;
  }
}
