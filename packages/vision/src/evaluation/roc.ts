/** False acceptance rates that are reported. */
export const rates = [
  { label: '1e-2', far: 1e-2 },
  { label: '1e-3', far: 1e-3 },
  { label: '1e-4', far: 1e-4 },
  { label: '1e-5', far: 1e-5 },
] as const;

export interface Curve {
  readonly auc: number;
  /** (FAR, TAR), rising; thinned to what a plot shows. */
  readonly points: readonly (readonly [number, number])[];
}

/** The cosine that `far` of the pairs of strangers pass. */
export function cosineAtFar(impostor: Float32Array, far: number): number {
  const sorted = impostor.toSorted().reverse();
  return sorted[Math.floor(impostor.length * far)] ?? 1;
}

/** The share of pairs above a threshold. */
export function shareAbove(scores: Float32Array, cosine: number): number {
  let above = 0;
  for (const score of scores) if (score > cosine) above += 1;
  return above / scores.length;
}

/** The area under the curve is the probability that a genuine pair scores higher (Mann and Whitney). */
export function curveOf(genuine: Float32Array, impostor: Float32Array): Curve {
  const own = genuine.toSorted().reverse();
  const strangers = impostor.toSorted().reverse();
  let accepted = 0;
  let area = 0;
  const points: (readonly [number, number])[] = [];
  for (let rank = 0; rank < strangers.length; rank += 1) {
    while (accepted < own.length && (own[accepted] as number) > (strangers[rank] as number)) accepted += 1;
    area += accepted;
    const far = (rank + 1) / strangers.length;
    if (points.length === 0 || far > (points.at(-1)?.[0] ?? 0) * 1.03)
      points.push([far, accepted / own.length]);
  }
  return { auc: area / own.length / strangers.length, points };
}

/** Share of pairs told rightly at the best single threshold; genuine and impostor pairs weigh the same. */
export function bestAccuracy(genuine: Float32Array, impostor: Float32Array): number {
  const own = genuine.toSorted();
  const strangers = impostor.toSorted();
  let below = 0;
  let best = 0;
  for (const [rank, threshold] of own.entries()) {
    while (below < strangers.length && (strangers[below] as number) < threshold) below += 1;
    best = Math.max(best, (1 - rank / own.length + below / strangers.length) / 2);
  }
  return best;
}
