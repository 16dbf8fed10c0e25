import { medianFilter, quantile, type TimeSeries } from './time-series.ts';

/**
 * Where the face points when it does nothing: the median, frontal frames counting more (a short clip may be
 * turned most of the time), drawn towards straight ahead by the measure's own uncertainty. What is frontal is told by
 * what is `seen`, also where another measure's rest is asked for.
 */
export function restYaw(series: TimeSeries, seen = series): number {
  const weights = seen.values.map((yaw) => Math.exp(-((yaw / 8) ** 2)));
  const middle = quantile(series.values, 0.5, weights);
  return Math.sign(middle) * Math.max(0, Math.abs(middle) - 2.5);
}

/** A mouth that stays as little open for so long (ms) is closed; talkers part their lips again sooner. */
const closedMs = 400;
/** Within so much of it the mouth is closed as well. */
export const nearlyClosed = 0.03;

/** The least that the mouth keeps for a while, also where it is open for most of the clip. */
export function closedMouth(mouth: TimeSeries): number {
  const { times, values } = mouth;
  const kept = times.flatMap((from, i) => {
    const last = times.findIndex((time) => time >= from + closedMs);
    return last < 0 ? [] : [Math.max(...values.slice(i, last + 1))];
  });
  return Math.min(0.1, quantile(values, 0.3), ...kept);
}

/** What is usual, or where that is an open mouth the closed one. */
export function restMouth(usual: number, mouth: TimeSeries): number {
  const closed = closedMouth(medianFilter(mouth));
  return closed + nearlyClosed < usual ? closed : usual;
}
