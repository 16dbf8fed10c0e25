import type { Block } from './block.ts';
import { Columns } from './columns/columns.ts';
import { type ContiguousRows, contiguousRows } from './contiguous-rows.ts';
import { quantiseRow, strideOf } from './quantise.ts';
import { allocate } from './region.ts';
import type { FaceRow, IndexSpec, RowChange } from './types.ts';

const firstCapacity = 64;
/** A tail of up to so many rows grows by doubling; to grow a larger one would take tens of milliseconds. */
const growingRows = 8192;
/** Rows of one tail at most. */
const mostRows = 65_536;

/** Rows that are in no segment yet. A full one is followed by another. */
export class Tail implements Block {
  rows = 0;
  live = 0;
  private numbers = new Float64Array(0);
  alive = new Uint32Array(0);
  quantised: ContiguousRows;
  vectors = new Float32Array(0);
  readonly vectorsKernel = undefined;
  readonly columns: Columns;
  /** Of the numbers that it ever had. */
  lowest = Number.POSITIVE_INFINITY;
  highest = Number.NEGATIVE_INFINITY;
  private readonly spec: IndexSpec;
  private readonly places = new Map<number, number>();
  private readonly most: number;
  private capacity = 0;

  /** @param before rows of the tails before it: it has room for as many, so that memory at most doubles */
  constructor(spec: IndexSpec, before = 0) {
    this.spec = spec;
    this.most = Math.min(mostRows, Math.max(growingRows, before));
    this.columns = Columns.empty(spec.fields);
    this.quantised = deadRows(0, strideOf(spec.dimension));
    if (before > 0) this.grow(this.most);
  }

  get isFull(): boolean {
    return this.rows === this.most;
  }

  get bytes(): number {
    const { codes, scales, errors } = this.quantised;
    const rows = codes.byteLength + scales.byteLength + errors.byteLength + this.vectors.byteLength;
    return (
      rows + this.numbers.byteLength + this.alive.byteLength + this.columns.bytes + this.places.size * 32
    );
  }

  append(face: FaceRow): void {
    if (this.rows === this.capacity) this.grow(Math.max(firstCapacity, this.capacity * 2));
    const row = this.rows;
    this.columns.set(row, face);
    const { codes, scales, errors, stride } = this.quantised;
    const { scale, error } = quantiseRow(face.vector, codes, row * stride);
    scales[row] = scale;
    errors[row] = error;
    this.vectors.set(face.vector, row * this.spec.dimension);
    this.numbers[row] = face.number;
    this.alive[row >> 5]! |= 1 << (row & 31);
    this.places.set(face.number, row);
    this.lowest = Math.min(this.lowest, face.number);
    this.highest = Math.max(this.highest, face.number);
    this.rows += 1;
    this.live += 1;
  }

  numberOf(row: number): number {
    return this.numbers[row]!;
  }

  find(number: number): number | undefined {
    return this.places.get(number);
  }

  deleteRow(row: number): void {
    this.alive[row >> 5]! &= ~(1 << (row & 31));
    this.quantised.errors[row] = Number.NEGATIVE_INFINITY;
    this.places.delete(this.numbers[row]!);
    this.live -= 1;
  }

  update(row: number, change: RowChange): void {
    this.columns.update(row, change);
  }

  private grow(capacity: number): void {
    const grown = deadRows(capacity, this.quantised.stride);
    grown.codes.set(this.quantised.codes);
    grown.scales.set(this.quantised.scales);
    grown.errors.set(this.quantised.errors);
    this.quantised = grown;
    const { numbers, alive, vectors } = this;
    this.numbers = new Float64Array(capacity);
    this.numbers.set(numbers);
    this.alive = new Uint32Array(capacity / 32);
    this.alive.set(alive);
    this.vectors = new Float32Array(capacity * this.spec.dimension);
    this.vectors.set(vectors);
    this.columns.grow(capacity);
    this.capacity = capacity;
  }
}

/** Room for so many rows (a multiple of 64), all dead. */
function deadRows(rows: number, stride: number): ContiguousRows {
  const region = allocate(rows * (stride + 8));
  const codesAt = region.base;
  const scalesAt = codesAt + rows * stride;
  const placed = contiguousRows(region, rows, stride, { codesAt, scalesAt, errorsAt: scalesAt + rows * 4 });
  placed.errors.fill(Number.NEGATIVE_INFINITY);
  return placed;
}
