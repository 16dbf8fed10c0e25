import type { FieldValues } from '@openfrs/contract';
import type { Columns } from './columns/columns.ts';
import type { Kernel } from './kernel/kernel.ts';
import type { Region } from './region.ts';

/** The quantised rows of a block: where they lie in their region's buffer, and views of them. */
export interface QuantisedRows {
  readonly region: Region;
  readonly stride: number;
  /** Byte offsets in the region's buffer. */
  readonly codesAt: number;
  readonly scalesAt: number;
  readonly errorsAt: number;
  readonly codes: Int8Array;
  readonly scales: Float32Array;
  /** -Infinity for a dead row and for padding: it never leaves the kernel. */
  readonly errors: Float32Array;
}

export interface RowChange {
  readonly externalImageId?: string;
  readonly fields?: FieldValues;
}

/** Rows that are searched together: a segment or the tail. Rows never move, so a position stays valid across an await. */
export interface Block {
  /** Rows there are, dead ones included. */
  readonly rows: number;
  readonly live: number;
  readonly bytes: number;
  /** Ascending in a segment, in any order in the tail. */
  readonly numbers: Float64Array;
  /** Bit `row & 31` of word `row >> 5`. */
  readonly alive: Uint32Array;
  readonly quantised: QuantisedRows;
  /** All rows' float32 vectors one after another, or undefined where they aren't in memory. */
  readonly vectors: Float32Array | undefined;
  /** A kernel over the vectors' memory, where there is one. */
  readonly vectorsKernel: Kernel | undefined;
  readonly columns: Columns | undefined;
  find(number: number): number | undefined;
  kill(row: number): void;
  update(row: number, change: RowChange): void;
}
