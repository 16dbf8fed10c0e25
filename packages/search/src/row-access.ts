import type { QuantisedRows } from './block.ts';
import { type Kernel, maxChunk, type RowAddresses } from './kernel/kernel.ts';
import { visitingKernel } from './region.ts';

/** Brings rows and kernel together: rows in a memory of their own stay there, others are copied chunk by chunk. */
export interface RowAccess {
  readonly kernel: Kernel;
  readonly addresses: RowAddresses;
  /** Rows of one chunk at most, a multiple of 4. */
  readonly maxRows: number;
  /** Makes rows [start, end) reachable; returns the row that is the addresses' first. */
  range(start: number, end: number): number;
  /** Makes the listed rows reachable; returns their places at the addresses. */
  list(rows: Int32Array): Int32Array;
}

export function accessRows(quantised: QuantisedRows): RowAccess {
  const { resident } = quantised;
  if (!resident) return copyingAccess(quantised);
  return {
    ...resident,
    maxRows: maxChunk,
    range: () => 0,
    list: (rows) => rows,
  };
}

function copyingAccess(quantised: QuantisedRows): RowAccess {
  const { stride } = quantised;
  const { kernel, base, bytes } = visitingKernel();
  const maxRows = Math.min(maxChunk, Math.floor(bytes / (stride + 8)) & ~3);
  const scalesAt = base + maxRows * stride;
  const errorsAt = scalesAt + maxRows * 4;
  const codes = new Int8Array(kernel.buffer, base, maxRows * stride);
  const scales = new Float32Array(kernel.buffer, scalesAt, maxRows);
  const errors = new Float32Array(kernel.buffer, errorsAt, maxRows);
  const copy = (row: number, rows: number, place: number) => {
    quantised.copyCodes(row, row + rows, codes.subarray(place * stride));
    scales.set(quantised.scales.subarray(row, row + rows), place);
    errors.set(quantised.errors.subarray(row, row + rows), place);
  };
  return {
    ...{ kernel, maxRows, addresses: { codes: base, scales: scalesAt, errors: errorsAt, stride } },
    range(start, end) {
      copy(start, end - start, 0);
      return start;
    },
    list(rows) {
      for (const [place, row] of rows.entries()) copy(row, 1, place);
      return Int32Array.from(rows.keys());
    },
  };
}
