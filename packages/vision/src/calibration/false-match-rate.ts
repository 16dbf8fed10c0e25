/** A point of an embedder's calibration: `far` of all pairs of two people have at least this cosine. */
export interface CalibrationPoint {
  readonly far: number;
  readonly cosine: number;
}

interface FalseMatchRate {
  /** Share of pairs of two people at or above a cosine, (0, 1]. */
  falseMatchRate(cosine: number): number;
  /** Its inverse; over 1 where nobody passes. @param rate (0, 1) */
  cosineAtFalseMatchRate(rate: number): number;
}

/**
 * The false match rate through measured points, its logarithm straight between them. Beyond the last one it goes on as between the
 * last two: strangers' cosines thin out faster than that, so rates of 1 in 1,000,000 and less come out too high, not too low.
 * @param points at least two, of different cosines and rates
 */
export function falseMatchRateThrough(points: readonly CalibrationPoint[]): FalseMatchRate {
  const sorted = [...points].sort((a, b) => a.cosine - b.cosine);
  const marks = sorted.map(({ far, cosine }) => ({ cosine, log: Math.log(far) }));
  if (marks.length < 2) throw new RangeError('A calibration of one point');
  /** The two marks about the first for which `isBeyond` holds, or the outermost two. */
  const about = (isBeyond: (mark: (typeof marks)[number]) => boolean) => {
    const at = marks.findIndex(isBeyond);
    const second = at < 0 ? marks.length - 1 : Math.max(1, at);
    return [marks[second - 1], marks[second]] as [(typeof marks)[number], (typeof marks)[number]];
  };
  return {
    falseMatchRate(cosine) {
      const [a, b] = about((mark) => mark.cosine >= cosine);
      const log = a.log + ((cosine - a.cosine) * (b.log - a.log)) / (b.cosine - a.cosine);
      return Math.exp(Math.min(0, log));
    },
    cosineAtFalseMatchRate(rate) {
      const log = Math.log(rate);
      const [a, b] = about((mark) => mark.log <= log);
      return a.cosine + ((log - a.log) * (b.cosine - a.cosine)) / (b.log - a.log);
    },
  };
}
