import type { QuantisedRows } from './block.ts';
import type { Region } from './region.ts';

/** Quantised rows that lie in a region. */
export interface ContiguousRows extends QuantisedRows {
  readonly codes: Int8Array;
}

/** Byte offsets in a region's buffer. */
interface Places {
  readonly codesAt: number;
  readonly scalesAt: number;
  readonly errorsAt: number;
}

/** Views of so many rows, padding included. */
export function contiguousRows(
  { buffer, kernel }: Region,
  rows: number,
  stride: number,
  { codesAt, scalesAt, errorsAt }: Places,
): ContiguousRows {
  const codes = new Int8Array(buffer, codesAt, rows * stride);
  const addresses = { codes: codesAt, scales: scalesAt, errors: errorsAt, stride };
  return {
    ...{ stride, codes },
    scales: new Float32Array(buffer, scalesAt, rows),
    errors: new Float32Array(buffer, errorsAt, rows),
    resident: kernel && { kernel, addresses },
    copyCodes: (start, end, target) => target.set(codes.subarray(start * stride, end * stride)),
  };
}
