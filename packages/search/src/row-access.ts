import type { QuantisedRows } from './block.ts';
import { type Kernel, maxChunk, type RowAddresses } from './kernel/kernel.ts';
import { startsOf } from './planes.ts';
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
  const { stride, planes } = quantised;
  const { kernel, base, bytes } = visitingKernel();
  const maxRows = Math.min(maxChunk, Math.floor(bytes / (stride + 12)) & ~3);
  const scalesAt = base + maxRows * stride;
  const errorsAt = scalesAt + maxRows * 4;
  const remaindersAt = errorsAt + maxRows * 4;
  const begins = startsOf(planes).map((start) => base + start * maxRows);
  const codes = begins.map((begin, plane) => new Int8Array(kernel.buffer, begin, maxRows * planes[plane]!));
  const scales = new Float32Array(kernel.buffer, scalesAt, maxRows);
  const errors = new Float32Array(kernel.buffer, errorsAt, maxRows);
  const remainders = new Uint32Array(kernel.buffer, remaindersAt, maxRows);
  const copy = (row: number, rows: number, place: number) => {
    for (const [plane, size] of planes.entries()) {
      if (size > 0) quantised.copyCodes(plane, row, row + rows, codes[plane]!.subarray(place * size));
    }
    scales.set(quantised.scales.subarray(row, row + rows), place);
    errors.set(quantised.errors.subarray(row, row + rows), place);
    if (quantised.remainders) remainders.set(quantised.remainders.subarray(row, row + rows), place);
  };
  const [first, second, third] = begins as [number, number, number];
  const addresses: RowAddresses = {
    ...{ planes: [first, second, third], bytes: planes },
    ...{ scales: scalesAt, errors: errorsAt, remainders: remaindersAt },
  };
  return {
    ...{ kernel, maxRows, addresses },
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
