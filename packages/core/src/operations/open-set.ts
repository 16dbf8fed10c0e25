import type { EmbeddingModel } from '../ports/vision.ts';

/** What of a model tells how alike strangers come out. */
type Strangers = Pick<EmbeddingModel, 'falseMatchRate' | 'cosineAtFalseMatchRate'>;

/**
 * How probably somebody who is not among `faces` faces is as similar to the nearest of them as `cosine` says: the false positive
 * identification rate (FPIR) of a search with this threshold, 1 − (1 − FMR)^N (ISO/IEC 19795-1).
 * @returns [0, 1]; 0 in an empty set
 */
export function falsePositiveRate(model: Strangers, cosine: number, faces: number): number {
  return -Math.expm1(faces * Math.log1p(-Math.min(model.falseMatchRate(cosine), 1 - 1e-15)));
}

/** The cosine at which a search of `faces` faces has this false positive identification rate, (0, 1); may be over 1. */
export function cosineAtFpir(model: Strangers, fpir: number, faces: number): number {
  return model.cosineAtFalseMatchRate(-Math.expm1(Math.log1p(-fpir) / Math.max(1, faces)));
}
