import { type FieldSchema, type FieldValue, type FieldValues, fieldValue } from '@openfrs/contract';
import type { Steps } from '@openfrs/contract/steps';
import type { BoundingBox, IndexedFace, RowChange } from '../types.ts';
import { StringColumn } from './string-column.ts';
import { ValueColumn } from './value-column.ts';

export type Column = StringColumn | ValueColumn;

export const faceIdBytes = 8;

/** Sides of boxes that are copied between two pauses. */
const sidesAtOnce = 65_536;

/** A face id's 8 bytes. @throws RangeError not 8 ASCII characters */
export function encodeFaceId(faceId: string): Uint8Array {
  const bytes = Buffer.from(faceId, 'utf8');
  if (bytes.length !== faceIdBytes) throw new RangeError(`A face id is 8 letters, not ${faceId}`);
  return bytes;
}

/** What a block knows of its rows besides vectors, by row. */
export class Columns {
  /** 8 bytes a row. */
  faceIds: Uint8Array;
  /** Four a row: left, top, width, height. */
  boxes: Int32Array | Uint16Array;
  readonly externalImageId: StringColumn;
  readonly fields: ReadonlyMap<string, Column>;

  constructor(
    faceIds: Uint8Array,
    boxes: Int32Array | Uint16Array,
    externalImageId: StringColumn,
    fields: ReadonlyMap<string, Column>,
  ) {
    this.faceIds = faceIds;
    this.boxes = boxes;
    this.externalImageId = externalImageId;
    this.fields = fields;
  }

  static empty(schema: FieldSchema): Columns {
    const fields = new Map<string, Column>();
    for (const [name, type] of Object.entries(schema)) {
      fields.set(name, type === 'string' ? new StringColumn(new Uint32Array(0)) : ValueColumn.empty(type));
    }
    return new Columns(new Uint8Array(0), new Int32Array(0), new StringColumn(new Uint32Array(0)), fields);
  }

  get bytes(): number {
    let bytes = this.faceIds.byteLength + this.boxes.byteLength + this.externalImageId.bytes;
    for (const column of this.fields.values()) bytes += column.bytes;
    return bytes;
  }

  /** Brings a segment's columns to as few bytes as their values need. */
  *narrow(): Steps<void> {
    yield* this.narrowBoxes();
    for (const column of [this.externalImageId, ...this.fields.values()]) {
      if (column instanceof StringColumn) yield* column.narrow();
    }
  }

  /** Keeps the boxes in 16 bits, where they allow it as those of all pictures do: for rows whose boxes stay. */
  *narrowBoxes(): Steps<void> {
    const { boxes } = this;
    const narrow = new Uint16Array(boxes.length);
    for (let from = 0; from < boxes.length; from += sidesAtOnce) {
      if (from > 0) yield;
      const to = Math.min(boxes.length, from + sidesAtOnce);
      for (let at = from; at < to; at += 1) {
        const side = boxes[at]!;
        if (side >>> 16 !== 0) return;
        narrow[at] = side;
      }
    }
    this.boxes = narrow;
  }

  grow(rows: number): void {
    const faceIds = new Uint8Array(rows * faceIdBytes);
    faceIds.set(this.faceIds);
    this.faceIds = faceIds;
    const boxes = new Int32Array(rows * 4);
    boxes.set(this.boxes);
    this.boxes = boxes;
    this.externalImageId.grow(rows);
    for (const column of this.fields.values()) column.grow(rows);
  }

  set(row: number, face: Omit<IndexedFace, 'number'>): void {
    this.faceIds.set(encodeFaceId(face.faceId), row * faceIdBytes);
    const { topLeftX, topLeftY, width, height } = face.box;
    this.boxes.set([topLeftX, topLeftY, width, height], row * 4);
    this.externalImageId.set(row, face.externalImageId);
    this.setFields(row, face.fields);
  }

  update(row: number, change: RowChange): void {
    if (change.fields) this.setFields(row, change.fields);
    if (change.externalImageId !== undefined) this.externalImageId.set(row, change.externalImageId);
  }

  /** Replaces the row's fields by these; names that the schema doesn't have are left out. */
  setFields(row: number, values: FieldValues): void {
    for (const [name, column] of this.fields) {
      const value = fieldValue(values, name);
      if (column instanceof ValueColumn) column.set(row, value);
      else if (value === undefined || typeof value === 'string') column.set(row, value);
      else throw new RangeError(`Not a string: ${value}`);
    }
  }

  faceId(row: number): string {
    return Buffer.from(this.faceIds.subarray(row * faceIdBytes, (row + 1) * faceIdBytes)).toString('latin1');
  }

  box(row: number): BoundingBox {
    const [topLeftX = 0, topLeftY = 0, width = 0, height = 0] = this.boxes.subarray(row * 4, row * 4 + 4);
    return { topLeftX, topLeftY, width, height };
  }

  fieldsOf(row: number): FieldValues {
    const values: [string, FieldValue][] = [];
    for (const [name, column] of this.fields) {
      const value = column.get(row);
      if (value !== undefined) values.push([name, value]);
    }
    return Object.fromEntries(values);
  }
}
