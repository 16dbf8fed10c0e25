import type { FrameObservation, ObservedFace } from '../tracking/observation.ts';
import type { FaceSignals } from '../tracking/signals.ts';

/** One signal over time, only where a face was seen; times in ms, rising. */
export interface TimeSeries {
  readonly times: readonly number[];
  readonly values: readonly number[];
}

/** Frames whose face fills less of the picture, or of which the mesh doubts more, tell nothing about movements. */
const leastInside = 0.85;
export const leastConfidence = 0.6;

/** Do this frame's landmarks tell where the face is, and how far it is turned? */
export function isReliable(observation: FrameObservation): boolean {
  const { face } = observation;
  return face !== undefined && (isSure(observation) || (face.byDetector === true && isInside(face)));
}

/** Was the face seen, with or without landmarks? */
export const isSeen = (observation: FrameObservation): boolean =>
  observation.byDetector === true || isReliable(observation);

/** Can this frame's landmarks be relied on for all they tell? Where the mesh model doubts the face, they tell how far it is turned. */
export function isSure({ face }: FrameObservation): boolean {
  return face !== undefined && face.confidence >= leastConfidence && isInside(face);
}

const isInside = ({ signals }: ObservedFace) => signals.inside >= leastInside;

/** A signal over the frames in which a face was seen, or those of them that `counts` (as `isSure`). */
export function timeSeriesOf(
  observations: readonly FrameObservation[],
  signal: keyof FaceSignals,
  counts = isReliable,
): TimeSeries {
  const times: number[] = [];
  const values: number[] = [];
  for (const observation of observations) {
    if (observation.face === undefined || !counts(observation)) continue;
    times.push(observation.timeMs);
    values.push(observation.face.signals[signal]);
  }
  return { times, values };
}

/** The value below which `share` of the weight lies. NaN when there is none. */
export function quantile(values: readonly number[], share: number, weights?: readonly number[]): number {
  const order = values.map((_, i) => i).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const weightOf = (i: number) => weights?.[i] ?? 1;
  const total = order.reduce((sum, i) => sum + weightOf(i), 0);
  let below = 0;
  for (const i of order) {
    below += weightOf(i);
    if (below >= total * share) return values[i] ?? Number.NaN;
  }
  return Number.NaN;
}

/** Frames farther apart than this (or two and a half usual steps) don't belong together: the face was lost. */
function longestStep({ times }: TimeSeries): number {
  const steps = times.slice(1).map((time, i) => time - (times[i] ?? 0));
  return Math.max(300, 2.5 * (steps.length === 0 ? 0 : quantile(steps, 0.5)));
}

/** Cuts a series where the face was lost. */
function splitAtGaps(series: TimeSeries): TimeSeries[] {
  const limit = longestStep(series);
  const parts: { times: number[]; values: number[] }[] = [];
  for (const [i, time] of series.times.entries()) {
    const part = parts.at(-1);
    const value = series.values[i] ?? 0;
    if (part === undefined || time - (part.times.at(-1) ?? 0) > limit)
      parts.push({ times: [time], values: [value] });
    else {
      part.times.push(time);
      part.values.push(value);
    }
  }
  return parts;
}

/**
 * Median of three neighbours (at the ends, of the three there): removes single wrong frames, keeps steps and
 * anything two frames long.
 */
export function medianFilter(series: TimeSeries): TimeSeries {
  const { values } = series;
  const last = values.length - 1;
  const smooth = values.map((value, i) => {
    const middle = Math.min(Math.max(i, 1), last - 1);
    return last < 2 ? value : quantile(values.slice(middle - 1, middle + 2), 0.5);
  });
  return { times: series.times, values: smooth };
}

/** A stretch in which a signal was away from rest, to one side. */
export interface Peak {
  readonly from: number;
  readonly to: number;
  /** When it was farthest. */
  readonly at: number;
  /** Farthest distance from rest, positive. */
  readonly amplitude: number;
  /** Largest change within `swingMs` on the way out or back, positive. */
  readonly swing: number;
}

/**
 * Stretches in which `direction · (value − rest)` is above `level`, one after the other; the amplitude is that of
 * the farthest frame.
 */
export function findPeaks(
  series: TimeSeries,
  rest: number,
  direction: 1 | -1,
  level: number,
  swingMs = 1000,
): Peak[] {
  return splitAtGaps(series).flatMap((part) => stretches(part, rest, direction, level, swingMs));
}

function stretches(
  { times, values }: TimeSeries,
  rest: number,
  direction: 1 | -1,
  level: number,
  swingMs: number,
): Peak[] {
  const away = values.map((value) => direction * (value - rest));
  const found: Peak[] = [];
  for (let i = 0; i < away.length; ) {
    if ((away[i] ?? 0) <= level) {
      i += 1;
      continue;
    }
    let last = i;
    let top = i;
    while (last + 1 < away.length && (away[last + 1] ?? 0) > level) {
      last += 1;
      if ((away[last] ?? 0) > (away[top] ?? 0)) top = last;
    }
    found.push({
      from: time(times, i),
      to: time(times, last),
      at: time(times, top),
      amplitude: away[top] ?? 0,
      swing: largestSwing(times, away, i, last, swingMs),
    });
    i = last + 1;
  }
  return found;
}

const time = (times: readonly number[], i: number) => times[i] ?? 0;

function largestSwing(
  times: readonly number[],
  away: readonly number[],
  from: number,
  to: number,
  ms: number,
): number {
  let largest = 0;
  for (let i = from; i <= to; i++) {
    for (const step of [-1, 1]) {
      for (let k = i + step; k >= 0 && k < away.length; k += step) {
        if (Math.abs(time(times, k) - time(times, i)) > ms) break;
        largest = Math.max(largest, (away[i] ?? 0) - (away[k] ?? 0));
      }
    }
  }
  return largest;
}

/**
 * The highest value that a series keeps for so long (ms) about a time, by straight lines between its frames; at most its value then.
 * What begins or ends with the series is kept from there.
 */
export function keptValue({ times, values }: TimeSeries, at: number, ms: number): number {
  const middle = times.indexOf(at);
  const end = (level: number, step: -1 | 1) => {
    let i = middle;
    while (i + step >= 0 && i + step < values.length && (values[i + step] ?? 0) >= level) i += step;
    const [inside, outside] = [values[i] ?? 0, values[i + step]];
    if (outside === undefined) return time(times, i);
    return (
      time(times, i) + ((time(times, i + step) - time(times, i)) * (inside - level)) / (inside - outside)
    );
  };
  let [low, high] = [Math.min(...values), values[middle] ?? 0];
  if (end(low, 1) - end(low, -1) < ms) return low;
  for (let halving = 0; halving < 20; halving++) {
    const level = (low + high) / 2;
    if (end(level, 1) - end(level, -1) >= ms) low = level;
    else high = level;
  }
  return low;
}
