import type { EmbeddingForm } from '../embedding/embedding-form.ts';
import { inner } from '../embedding/orthonormal.ts';

/** A face's vectors: as it is kept, and as it is searched with. Their cosine is what a search answers. */
export interface FaceVector {
  readonly enrolled: Float32Array;
  readonly probe: Float32Array;
  /** How much the face counts in a template of several. */
  readonly weight: number;
  /** How much of a person the face holds, [0, 1]. */
  readonly recognisability: number;
}

/** A vector in that form. @param raw as the network gives it, of unit length */
export function faceVectorOf(form: EmbeddingForm, raw: Float32Array): FaceVector {
  const enrolled = form.kept(raw);
  return {
    enrolled,
    probe: form.probe(enrolled),
    weight: form.templateWeight(enrolled, 0),
    recognisability: form.recognisability(raw),
  };
}

/** The cosine of a kept vector or template and a probe, both of unit length. */
export function score(enrolled: Float32Array, { probe }: Pick<FaceVector, 'probe'>): number {
  return inner(enrolled, probe);
}

/** A person's photos as one: what searches with `group_by` compare with (packages/search). */
export function meanTemplate(faces: readonly FaceVector[]): Float32Array {
  const sum = new Float32Array(faces[0]?.enrolled.length ?? 0);
  for (const { enrolled, weight } of faces) {
    for (let i = 0; i < sum.length; i += 1) sum[i] = (sum[i] as number) + weight * (enrolled[i] as number);
  }
  let square = 0;
  for (const value of sum) square += value * value;
  return sum.map((value) => value / (Math.sqrt(square) || 1));
}
