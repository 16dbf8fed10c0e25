import type { FieldType, FieldValue } from '@openfrs/contract';

type Values = Int32Array | Float32Array | Float64Array | BigInt64Array | Uint8Array;

/** How each type that is no text is kept: one value a row. */
const arrays = {
  integer: Int32Array,
  float: Float32Array,
  double: Float64Array,
  long: BigInt64Array,
  boolean: Uint8Array,
} as const satisfies Partial<Record<FieldType, unknown>>;

export type ValueType = keyof typeof arrays;

export function bytesPerValue(type: ValueType): number {
  return arrays[type].BYTES_PER_ELEMENT;
}

/** Values of one type by row, with a bitmap of the rows that have one (bit `row & 31` of word `row >> 5`). */
export class ValueColumn {
  readonly type: ValueType;
  values: Values;
  present: Uint32Array;

  constructor(type: ValueType, values: Values, present: Uint32Array) {
    this.type = type;
    this.values = values;
    this.present = present;
  }

  /** A column over its sections of a file: one value a row, and the bitmap's words. */
  static at(
    type: ValueType,
    { buffer, byteOffset, byteLength }: Uint8Array<ArrayBuffer>,
    present: Uint32Array,
  ) {
    const count = byteLength / bytesPerValue(type);
    return new ValueColumn(type, new arrays[type](buffer, byteOffset, count), present);
  }

  static empty(type: ValueType): ValueColumn {
    return new ValueColumn(type, new arrays[type](0), new Uint32Array(0));
  }

  get bytes(): number {
    return this.values.byteLength + this.present.byteLength;
  }

  grow(rows: number): void {
    const bytes = new Uint8Array(rows * bytesPerValue(this.type));
    bytes.set(new Uint8Array(this.values.buffer, this.values.byteOffset, this.values.byteLength));
    this.values = new arrays[this.type](bytes.buffer);
    const present = new Uint32Array(Math.ceil(rows / 32));
    present.set(this.present);
    this.present = present;
  }

  get(row: number): FieldValue | undefined {
    if (!((this.present[row >> 5]! >>> (row & 31)) & 1)) return undefined;
    const value = this.values[row]!;
    return this.type === 'boolean' ? value === 1 : value;
  }

  /** @throws RangeError a value of another type */
  set(row: number, value: FieldValue | undefined): void {
    const bit = 1 << (row & 31);
    if (value === undefined) {
      this.present[row >> 5]! &= ~bit;
      return;
    }
    if (this.values instanceof BigInt64Array) {
      if (typeof value !== 'bigint') throw new RangeError(`Not a long: ${value}`);
      this.values[row] = value;
    } else {
      const wanted = this.type === 'boolean' ? 'boolean' : 'number';
      if (typeof value !== wanted) throw new RangeError(`Not a ${this.type}: ${value}`);
      this.values[row] = Number(value);
    }
    this.present[row >> 5]! |= bit;
  }
}
