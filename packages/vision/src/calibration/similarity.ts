import { isPlausibleStep, type ModelEntry, monotoneCalibration } from '@openfrs/models';
import type { CalibrationPoint } from './false-match-rate.ts';

/** Log-odds between the cosines that one in 100 and one in 10,000 pairs of strangers reach: similarities .70 and .93. */
const climb = 1.76;
/** Those cosines' distance where it wasn't measured: the default embedder's. */
const usualDistance = 0.176;
/** Similarity at the cosine that one in 10,000 pairs of strangers reaches (packages/docs/decisions/0008-similarity-calibration.md). */
const anchor = 0.93;
/** Float32 dot products of one and the same unit vector differ from 1 by less. */
const rounding = 1e-5;

/** What a curve is drawn through. */
export interface CalibrationAnchors {
  readonly cosineAtFar1e4: number;
  readonly cosineAtFar1e2?: number | undefined;
}

/** Cosines at false acceptance rates, strictly monotone: the measured ones, or those that the curve is drawn through. */
export function calibrationPoints({ embedder }: Pick<ModelEntry, 'embedder'>): readonly CalibrationPoint[] {
  const points = monotoneCalibration(embedder?.calibration ?? []);
  if (points.length >= 2) return points;
  const { cosineAtFar1e4 = 1 } = embedder ?? {};
  return [
    { far: 1e-2, cosine: cosineAtFar1e4 - usualDistance },
    { far: 1e-4, cosine: cosineAtFar1e4 },
  ];
}

/** The marks of a model's entry; undefined for one that isn't calibrated. */
export function calibrationAnchors({
  embedder,
}: Pick<ModelEntry, 'embedder'>): CalibrationAnchors | undefined {
  if (embedder?.cosineAtFar1e4 === undefined) return undefined;
  const { cosineAtFar1e4, calibration = [] } = embedder;
  return { cosineAtFar1e4, cosineAtFar1e2: calibration.find(({ far }) => far === 1e-2)?.cosine };
}

export interface SimilarityCurve {
  similarity(cosine: number): number;
  cosine(similarity: number): number;
}

/**
 * Cosine to similarity: a logistic curve, stretched so that −1 ↦ 0 and 1 ↦ 1, through 0.93 at `cosineAtFar1e4`:
 * s(c) = (σ(k·(c − c₀) + b) − lo) / (hi − lo). Strictly monotone; b ≈ 2.59 is solved for; k, 10 for the default embedder,
 * is such that every model's strangers come out alike: most near .05–.2, FAR 1e-2 near .70, FAR 1e-3 near .86.
 */
export function similarityCurve({ cosineAtFar1e4, cosineAtFar1e2 }: CalibrationAnchors): SimilarityCurve {
  const steepness = climb / anchorDistance({ cosineAtFar1e4, cosineAtFar1e2 });
  const offset = offsetThrough(cosineAtFar1e4, steepness);
  const raw = (cosine: number) => sigmoid(steepness * (cosine - cosineAtFar1e4) + offset);
  const low = raw(-1);
  const high = raw(1);
  return {
    similarity(cosine) {
      if (cosine >= 1 - rounding) return 1;
      if (cosine <= -1) return 0;
      return (raw(cosine) - low) / (high - low);
    },
    cosine(similarity) {
      if (similarity <= 0) return -1;
      if (similarity >= 1) return 1 - rounding;
      const p = similarity * (high - low) + low;
      return cosineAtFar1e4 + (Math.log(p / (1 - p)) - offset) / steepness;
    },
  };
}

/** Between the marks' cosines; the usual one where it wasn't measured, or is so small that the curve would be a step. */
function anchorDistance({ cosineAtFar1e4, cosineAtFar1e2 }: CalibrationAnchors): number {
  if (cosineAtFar1e2 === undefined) return usualDistance;
  const isMeasured = isPlausibleStep(
    { far: 1e-2, cosine: cosineAtFar1e2 },
    { far: 1e-4, cosine: cosineAtFar1e4 },
  );
  return isMeasured ? cosineAtFar1e4 - cosineAtFar1e2 : usualDistance;
}

/** The b for which the stretched curve passes the anchor; the stretch is small, so a few steps of bisection do. */
function offsetThrough(c0: number, steepness: number): number {
  let low = -5;
  let high = 10;
  for (let step = 0; step < 60; step += 1) {
    const b = (low + high) / 2;
    const floor = sigmoid(steepness * (-1 - c0) + b);
    const ceiling = sigmoid(steepness * (1 - c0) + b);
    if ((sigmoid(b) - floor) / (ceiling - floor) < anchor) low = b;
    else high = b;
  }
  return (low + high) / 2;
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
