import type { EmbeddingModel } from '../ports/vision.ts';

/** The cosine of two vectors of unit length, in [-1, 1]. */
export function cosine(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += (a[at] ?? 0) * (b[at] ?? 0);
  return Math.min(1, Math.max(-1, sum));
}

/** The model's calibrated similarity, kept inside [0, 1] against rounding. */
export function similarityOf(model: EmbeddingModel, value: number): number {
  return Math.min(1, Math.max(0, model.similarity(Math.min(1, Math.max(-1, value)))));
}
