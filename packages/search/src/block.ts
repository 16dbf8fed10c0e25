import type { Columns } from './columns/columns.ts';
import type { Kernel, RowAddresses } from './kernel/kernel.ts';
import type { Planes } from './planes.ts';
import type { Rotation } from './rotation.ts';
import type { RowChange } from './types.ts';

/** The quantised rows of a block. */
export interface QuantisedRows {
  /** Bytes of all of a row's planes together. */
  readonly stride: number;
  /** Bytes of a row in each plane; without a rotation all are in the first. */
  readonly planes: Planes;
  readonly rotation: Rotation | undefined;
  readonly scales: Float32Array;
  /** -Infinity for a dead row and for padding: it never leaves the kernel. */
  readonly errors: Float32Array;
  /** Of rows along a rotation's axes, two u16 each: FORMAT.md. */
  readonly remainders: Uint32Array | undefined;
  /** Where they lie in a kernel's memory, if they do. */
  readonly resident: { readonly kernel: Kernel; readonly addresses: RowAddresses } | undefined;
  /** Copies a plane's codes of rows [start, end) to the start of `target`. */
  copyCodes(plane: number, start: number, end: number, target: Int8Array): void;
}

/** Rows that are searched together: a segment or the tail. Rows never move, so a position stays valid across an await. */
export interface Block {
  /** Rows there are, dead ones included. */
  readonly rows: number;
  readonly live: number;
  readonly bytes: number;
  /** Bit `row & 31` of word `row >> 5`. */
  readonly alive: Uint32Array;
  readonly quantised: QuantisedRows;
  /** All rows' float32 vectors one after another, or undefined where they aren't in memory. */
  readonly vectors: Float32Array | undefined;
  /** A kernel over the vectors' memory, where there is one. */
  readonly vectorsKernel: Kernel | undefined;
  readonly columns: Columns | undefined;
  /** A row's number: ascending in a segment, in any order in the tail. */
  numberOf(row: number): number;
  find(number: number): number | undefined;
  deleteRow(row: number): void;
  update(row: number, change: RowChange): void;
}
