import { type Decoder, outputOf, rowsOf } from './decoder.ts';

/** An embedder's vectors, brought to unit length. */
export const decodeEmbedding: Decoder<Float32Array> = (outputs, { pixels }) =>
  rowsOf(outputOf(outputs, 'embedding'), pixels.count).map((row) => toUnitLength(row.slice()));

/** Scales to length 1, in place; a vector of zeros stays. */
export function toUnitLength(vector: Float32Array): Float32Array {
  let square = 0;
  for (const value of vector) square += value * value;
  const length = Math.sqrt(square) || 1;
  for (let i = 0; i < vector.length; i += 1) vector[i] = (vector[i] as number) / length;
  return vector;
}
