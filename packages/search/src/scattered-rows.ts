import type { QuantisedRows } from './block.ts';
import type { Layout } from './format/layout.ts';
import type { Pieces } from './pieces.ts';

/** What the codes part of a segment holds, left in its pieces except for the few bytes a row besides its codes. */
export function scatteredRows(
  pieces: Pieces,
  layout: Layout,
  stride: number,
): { readonly quantised: QuantisedRows; readonly numbers: Float64Array } {
  const place = (name: string) => layout.sections.get(name)!;
  const codesAt = place('codes').offset;
  const restAt = place('scales').offset;
  const { offset, length } = layout.parts.codes;
  const rest = new ArrayBuffer(offset + length - restAt);
  pieces.copy(restAt, offset + length, new Uint8Array(rest));
  const floats = (name: string) =>
    new Float32Array(rest, place(name).offset - restAt, place(name).length / 4);
  const quantised: QuantisedRows = {
    ...{ stride, scales: floats('scales'), errors: floats('errors'), resident: undefined },
    copyCodes(start, end, { buffer, byteOffset, byteLength }) {
      const target = new Uint8Array(buffer, byteOffset, byteLength);
      pieces.copy(codesAt + start * stride, codesAt + end * stride, target);
    },
  };
  const { offset: numbersAt, length: bytes } = place('numbers');
  return { quantised, numbers: new Float64Array(rest, numbersAt - restAt, bytes / 8) };
}
