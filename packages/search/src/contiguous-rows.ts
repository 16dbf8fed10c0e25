import type { QuantisedRows } from './block.ts';
import { type Planes, startsOf } from './planes.ts';
import type { Region } from './region.ts';
import type { Rotation } from './rotation.ts';

/** Quantised rows that lie in a region. */
export interface ContiguousRows extends QuantisedRows {
  /** Of all planes, one after another. */
  readonly codes: Int8Array;
}

/** Byte offsets in a region's buffer. */
interface Places {
  /** All rows' first plane; the others follow it. */
  readonly codesAt: number;
  readonly scalesAt: number;
  readonly errorsAt: number;
}

/** What rows along a rotation's axes have besides. */
export interface Rotated {
  readonly rotation: Rotation;
  readonly remaindersAt: number;
}

/** Views of so many rows, padding included. */
export function contiguousRows(
  { buffer, kernel }: Region,
  rows: number,
  stride: number,
  { codesAt, scalesAt, errorsAt }: Places,
  rotated?: Rotated,
): ContiguousRows {
  const codes = new Int8Array(buffer, codesAt, rows * stride);
  const bytes: Planes = rotated?.rotation.planes ?? [stride, 0, 0];
  const begins = startsOf(bytes).map((start) => start * rows);
  const [first, second, third] = begins.map((begin) => codesAt + begin) as [number, number, number];
  const addresses = {
    ...{ planes: [first, second, third] as const, bytes, scales: scalesAt, errors: errorsAt },
    remainders: rotated?.remaindersAt ?? scalesAt,
  };
  return {
    ...{ stride, codes, planes: bytes, rotation: rotated?.rotation },
    scales: new Float32Array(buffer, scalesAt, rows),
    errors: new Float32Array(buffer, errorsAt, rows),
    remainders: rotated && new Uint32Array(buffer, rotated.remaindersAt, rows),
    resident: kernel && { kernel, addresses },
    copyCodes: (plane, start, end, target) => {
      const [begin, size] = [begins[plane]!, bytes[plane]!];
      target.set(codes.subarray(begin + start * size, begin + end * size));
    },
  };
}
