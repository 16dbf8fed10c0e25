/** Beyond it logits say no more: float32 probabilities end near it. */
const largestLogit = 12;

/** ln of the odds of the live label against all others, within ±12. */
export function liveLogit(probabilities: readonly number[], live: number): number {
  const others = probabilities.reduce((sum, p, label) => (label === live ? sum : sum + p), 0);
  const odds = Math.log((probabilities[live] ?? 0) + 1e-9) - Math.log(others + 1e-9);
  return Math.max(-largestLogit, Math.min(largestLogit, odds));
}

/** Mean of the logits, each in standard deviations of bona fide ones from their mean, where that is known. */
export function fusedScore(
  logits: readonly number[],
  scales: readonly ({ readonly mean: number; readonly deviation: number } | undefined)[],
): number {
  const standardised = logits.map((logit, i) => {
    const { mean, deviation } = scales[i] ?? { mean: 0, deviation: 1 };
    return (logit - mean) / deviation;
  });
  return standardised.reduce((sum, z) => sum + z, 0) / Math.max(1, standardised.length);
}

/** A standard deviation above the threshold is a confidence of .88. */
const steepness = 2;

/** A score's distance from its threshold as a confidence in (0, 1), .5 at the threshold. */
export const confidenceOf = (distance: number) => 1 / (1 + Math.exp(-steepness * distance));

/** The distance from the threshold that a confidence stands for. */
export function distanceOf(confidence: number): number {
  const inside = Math.max(1e-9, Math.min(1 - 1e-9, confidence));
  return Math.log(inside / (1 - inside)) / steepness;
}
