import { median } from '../statistics/quantile.ts';

/** One figure as time goes by: seconds since the start, and its value. */
export type Series = readonly (readonly [seconds: number, value: number])[];

export interface Verdict {
  /** Medians of the second and the last quarter of the time. */
  readonly second: number;
  readonly last: number;
  /** Median of the slopes between all pairs of samples from the second quarter on (Theil and Sen), per hour. */
  readonly perHour: number;
  readonly flat: boolean;
}

/**
 * Does a figure stay where it is once the service has warmed up (the first quarter of the time)? It grows if the last quarter's
 * median lies above the second's by more than `share` of it and more than `slack`, and the slope says the same of an hour.
 * @param slack in the figure's unit: what a few files, buffers or pages more or less come to
 * @throws RangeError of too few samples
 */
export function judge(series: Series, { share, slack }: { share: number; slack: number }): Verdict {
  const end = Math.max(...series.map(([seconds]) => seconds));
  const between = (from: number, to: number) =>
    series.filter(([seconds]) => seconds >= from * end && seconds <= to * end);
  const values = (from: number, to: number) => between(from, to).map(([, value]) => value);
  const [second, last] = [median(values(0.25, 0.5)), median(values(0.75, 1))];
  if (Number.isNaN(second) || Number.isNaN(last))
    throw new RangeError('The soak was too short to be judged.');
  const perHour = slope(between(0.25, 1)) * 3600;
  const allowed = Math.max(share * second, slack);
  const hours = end / 3600;
  return { second, last, perHour, flat: last - second <= allowed || perHour * hours <= allowed };
}

function slope(points: Series): number {
  const slopes = points.flatMap(([at, value], index) =>
    points
      .slice(index + 1)
      .filter(([later]) => later > at)
      .map(([later, other]) => (other - value) / (later - at)),
  );
  return slopes.length === 0 ? 0 : median(slopes);
}
