import { similarityCurve } from '../calibration/similarity.ts';
import { cosineAtFar, rates } from './roc.ts';

/** An embedder's calibration as its manifest entry holds it. */
export interface Calibration {
  /** The cosine that one in 10,000 pairs of strangers passes: similarity 0.93. */
  readonly cosineAtFar1e4: number;
  /** The most frequent false accepts first. */
  readonly calibration: readonly {
    readonly far: number;
    readonly cosine: number;
    readonly similarity: number;
  }[];
}

/** Pairs of strangers without which nothing can be said of one in 10,000. */
export const leastStrangers = 10_000;

const rounded = (value: number, digits: number) => Number(value.toFixed(digits));

/**
 * The table FAR ↔ cosine ↔ similarity of measured pairs of strangers, with the rates that their number can show: one pair a
 * rate at the least. Undefined under 10,000 pairs.
 */
export function calibrationOf(impostor: Float32Array): Calibration | undefined {
  if (impostor.length < leastStrangers) return undefined;
  const cosine = (far: number) => rounded(cosineAtFar(impostor, far), 3);
  const cosineAtFar1e4 = cosine(1e-4);
  const { similarity } = similarityCurve({ cosineAtFar1e4, cosineAtFar1e2: cosine(1e-2) });
  return {
    cosineAtFar1e4,
    calibration: rates
      .filter(({ far }) => impostor.length * far >= 1)
      .map(({ far }) => ({ far, cosine: cosine(far), similarity: rounded(similarity(cosine(far)), 4) })),
  };
}
