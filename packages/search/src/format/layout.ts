import type { FieldSchema } from '@openfrs/contract';
import { faceIdBytes } from '../columns/columns.ts';
import { bytesPerValue } from '../columns/value-column.ts';
import type { Planes } from '../planes.ts';
import { strideOf } from '../quantise.ts';
import type { ByteRange, IndexSpec, SegmentPart } from '../types.ts';

/** The header's place at the start of every segment file, padded with zeros. */
export const segmentHeaderBytes = 16_384;
/** Rows of one segment at most. */
export const segmentMaxRows = 131_072;
/** Of so many rows and more the axes are worth finding, and worth what a query takes to be turned: some .1 ms. */
export const rotatedFrom = 16_384;
const alignment = 64;

/** How many texts a string column has, and the bytes of all of them together. */
interface DictionarySize {
  readonly entries: number;
  readonly bytes: number;
}

/** The string columns by name: `external_image_id` and the string fields. */
export type DictionarySizes = ReadonlyMap<string, DictionarySize>;

export interface Layout {
  /** Section name to its place in the file. */
  readonly sections: ReadonlyMap<string, ByteRange>;
  readonly parts: Readonly<Record<SegmentPart, ByteRange>>;
  readonly byteLength: number;
  /** Of segments whose rows are quantised along a rotation's axes. */
  readonly planes: Planes | undefined;
}

/** The name of external_image_id's dictionary; custom fields can't have it (chapter 5.3). */
export const externalImageId = 'external_image_id';

export function stringColumns(fields: FieldSchema): string[] {
  const names = Object.keys(fields).filter((name) => fields[name] === 'string');
  return [externalImageId, ...names];
}

/**
 * Where the part is that a scan needs, so that it can be read with the header. Of segments of `rotatedFrom` rows and more it may end
 * some bytes a row earlier: where their rows aren't rotated.
 */
export function codesRange(dimension: number, rows: number): ByteRange {
  const noTexts = new Map([[externalImageId, { entries: 0, bytes: 0 }]]);
  const planes: Planes | undefined = rows >= rotatedFrom ? [strideOf(dimension), 0, 0] : undefined;
  return layoutOf({ dimension, fields: {} }, rows, noTexts, planes).parts.codes;
}

/** Where everything is in a segment file (FORMAT.md): follows from the header alone. */
export function layoutOf(
  spec: IndexSpec,
  rows: number,
  dictionaries: DictionarySizes,
  planes?: Planes,
): Layout {
  const sections = new Map<string, ByteRange>();
  let offset = segmentHeaderBytes;
  const place = (name: string, length: number) => {
    sections.set(name, { offset, length });
    offset = Math.ceil((offset + length) / alignment) * alignment;
  };
  const part = (lay: () => void): ByteRange => {
    const start = offset;
    lay();
    return { offset: start, length: offset - start };
  };
  const strings = (name: string) => {
    const { entries, bytes } = dictionaries.get(name)!;
    place(`${name}.codes`, rows * 4);
    place(`${name}.ends`, entries * 4);
    place(`${name}.utf8`, bytes);
  };
  const whole = Math.ceil(rows / 4) * 4;
  const codes = part(() => {
    place('codes', whole * strideOf(spec.dimension));
    place('scales', whole * 4);
    place('errors', whole * 4);
    if (planes) {
      place('remainders', whole * 4);
      place('rotation', spec.dimension ** 2 * 4);
      place('spreads', spec.dimension * 4);
    }
    place('numbers', rows * 8);
  });
  const columns = part(() => {
    place('face_id', rows * faceIdBytes);
    place('bounding_box', rows * 16);
    strings(externalImageId);
    for (const [name, type] of Object.entries(spec.fields)) {
      if (type === 'string') {
        strings(name);
      } else {
        place(`${name}.values`, rows * bytesPerValue(type));
        place(`${name}.present`, Math.ceil(rows / 32) * 4);
      }
    }
  });
  const vectors = part(() => place('vectors', rows * spec.dimension * 4));
  return { sections, parts: { codes, columns, vectors }, byteLength: offset, planes };
}
