import type { QuantisedRows } from './block.ts';
import type { Layout } from './format/layout.ts';
import { rotationIn } from './format/place-columns.ts';
import type { Pieces } from './pieces.ts';
import { type Planes, startsOf } from './planes.ts';
import { RowNumbers } from './row-numbers.ts';

/** What the codes part of a segment holds, left in its pieces except for the few bytes a row besides its codes. */
export function scatteredRows(
  pieces: Pieces,
  layout: Layout,
  stride: number,
): { readonly quantised: QuantisedRows; readonly numbers: RowNumbers } {
  const bytesOf = (name: string) => {
    const { offset, length } = layout.sections.get(name)!;
    const bytes = new Uint8Array(length);
    pieces.copy(offset, offset + length, bytes);
    return bytes.buffer;
  };
  const codesAt = layout.sections.get('codes')!.offset;
  const scales = new Float32Array(bytesOf('scales'));
  const planes: Planes = layout.planes ?? [stride, 0, 0];
  const begins = startsOf(planes).map((start) => codesAt + start * scales.length);
  const quantised: QuantisedRows = {
    ...{ stride, scales, planes, resident: undefined },
    rotation: layout.planes && rotationIn(layout.planes, (name) => new Float32Array(bytesOf(name))),
    errors: new Float32Array(bytesOf('errors')),
    remainders: layout.planes && new Uint32Array(bytesOf('remainders')),
    copyCodes(plane, start, end, { buffer, byteOffset, byteLength }) {
      const target = new Uint8Array(buffer, byteOffset, byteLength);
      const [begin, size] = [begins[plane]!, planes[plane]!];
      pieces.copy(begin + start * size, begin + end * size, target);
    },
  };
  return { quantised, numbers: new RowNumbers(new Float64Array(bytesOf('numbers'))) };
}
