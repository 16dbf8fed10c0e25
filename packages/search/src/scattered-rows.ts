import type { QuantisedRows } from './block.ts';
import type { Layout } from './format/layout.ts';
import type { Pieces } from './pieces.ts';
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
  const quantised: QuantisedRows = {
    ...{ stride, resident: undefined },
    scales: new Float32Array(bytesOf('scales')),
    errors: new Float32Array(bytesOf('errors')),
    copyCodes(start, end, { buffer, byteOffset, byteLength }) {
      const target = new Uint8Array(buffer, byteOffset, byteLength);
      pieces.copy(codesAt + start * stride, codesAt + end * stride, target);
    },
  };
  return { quantised, numbers: new RowNumbers(new Float64Array(bytesOf('numbers'))) };
}
