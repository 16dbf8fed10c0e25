/** One case: its features, whether it is an attack, and how much it counts. */
export interface Case {
  readonly features: readonly number[];
  readonly attack: boolean;
  readonly weight: number;
}

/** Log-odds of an attack: bias + Σ weight · feature. */
export interface Linear {
  readonly bias: number;
  readonly weights: readonly number[];
}

const rounds = 4000;
const rate = 0.2;

/**
 * Logistic regression with an L2 penalty on standardised features, by projected gradients: the weight of each feature has
 * the sign it is given, or is 0. With as few people as there are, a free sign would be luck.
 */
export function fitLogistic(cases: readonly Case[], signs: readonly number[], penalty: number): Linear {
  const total = cases.reduce((sum, { weight }) => sum + weight, 0);
  const mean = signs.map(
    (_, k) => cases.reduce((sum, { features, weight }) => sum + weight * (features[k] ?? 0), 0) / total,
  );
  const scale = signs.map((_, k) =>
    Math.sqrt(
      cases.reduce(
        (sum, { features, weight }) => sum + weight * ((features[k] ?? 0) - (mean[k] ?? 0)) ** 2,
        0,
      ) /
        total +
        1e-12,
    ),
  );
  const standard = cases.map(({ features }) =>
    features.map((value, k) => (value - (mean[k] ?? 0)) / (scale[k] ?? 1)),
  );
  const weights = signs.map(() => 0);
  let bias = 0;
  for (let round = 0; round < rounds; round++) {
    const slope = signs.map(() => 0);
    let slopeOfBias = 0;
    for (const [i, { attack, weight }] of cases.entries()) {
      const row = standard[i] ?? [];
      const odds = row.reduce((sum, value, k) => sum + value * (weights[k] ?? 0), bias);
      const error = ((attack ? 1 : 0) - 1 / (1 + Math.exp(-odds))) * (weight / total);
      slopeOfBias += error;
      for (const [k, value] of row.entries()) slope[k] = (slope[k] ?? 0) + error * value;
    }
    bias += rate * slopeOfBias;
    for (const [k, sign] of signs.entries()) {
      const moved = (weights[k] ?? 0) + rate * ((slope[k] ?? 0) - penalty * (weights[k] ?? 0));
      weights[k] = sign * moved > 0 ? moved : 0;
    }
  }
  const plain = weights.map((weight, k) => weight / (scale[k] ?? 1));
  return { bias: plain.reduce((sum, weight, k) => sum - weight * (mean[k] ?? 0), bias), weights: plain };
}

export const oddsOf = ({ bias, weights }: Linear, features: readonly number[]): number =>
  weights.reduce((sum, weight, k) => sum + weight * (features[k] ?? 0), bias);
