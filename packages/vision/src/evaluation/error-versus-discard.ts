import { wilson } from './intervals.ts';

/** A comparison of two photos of one person: the lower of their qualities, and whether it failed. */
export interface GenuineComparison {
  /** [0, 1], 1 is best. */
  readonly quality: number;
  readonly isMiss: boolean;
}

/** What is left of the errors once the comparisons of the lowest quality are discarded. */
export interface DiscardResult {
  /** Share of comparisons that are discarded. */
  readonly discarded: number;
  /** The quality below which they are. */
  readonly quality: number;
  readonly comparisons: number;
  /** False non-match rate of the rest. */
  readonly fnmr: number;
  readonly fnmr_95: readonly [low: number, high: number];
}

/** Beyond that a gate refuses more than it is worth. */
const shares = [0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3];

/** An error-versus-discard characteristic (ISO/IEC 29794-1): a quality is worth something if the errors go first. */
export function errorVersusDiscard(comparisons: readonly GenuineComparison[]): DiscardResult[] {
  const sorted = [...comparisons].sort((a, b) => a.quality - b.quality);
  if (sorted.length === 0) return [];
  return shares.map((discarded) => {
    const rest = sorted.slice(Math.floor(discarded * sorted.length));
    const { share, low, high } = wilson(rest.filter(({ isMiss }) => isMiss).length, rest.length);
    const quality = rest[0]?.quality ?? 1;
    return { discarded, quality, comparisons: rest.length, fnmr: share, fnmr_95: [low, high] };
  });
}
