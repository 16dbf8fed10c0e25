import { isReliable, isSeen, quantile } from './actions/time-series.ts';
import type { FrameObservation } from './tracking/observation.ts';

/** Is it one person, seen all the time, in one uncut recording? */
export interface Continuity {
  /** Smallest cosine between the first good face and the others; 1 when there was only one. */
  readonly sameness: number;
  /** Faces that were compared for it; of fewer than two nothing can be said. */
  readonly compared: number;
  /** Jumps that no head makes between two neighbouring frames. */
  readonly jumps: number;
  /** Part of the frames in which the face was seen, [0, 1]; those of a turn into profile don't count. */
  readonly seen: number;
  /** Longest time without the face, in ms, between two frames with it; in profile it may be away for a while. */
  readonly longestLossMs: number;
}

export const continuityLimits = {
  /**
   * Cosine below which two frames show different people. Of one person's frames in the videos at hand the lowest
   * is .51, of different people's the highest of ten thousand pairs .41; a beard of shadow costs some.
   */
  sameness: 0.35,
  /** More jumps than a tracker's mistakes make. */
  jumps: 0,
  seen: 0.6,
  longestLossMs: 1200,
} as const;

/**
 * The mesh loses a face that turns beyond about 60°, and finds it again on the way back: a loss that begins and ends with the head
 * turned this far (degrees, as measured) to one side is a turn, for so long (ms). Who it is before and after is compared as ever.
 * Where the detector sees the face meanwhile, it isn't lost for as long.
 */
const profile = { yaw: 30, longestMs: 3000 } as const;

export function continuityOf(observations: readonly FrameObservation[]): Continuity {
  const vectors = identifiable(observations);
  const reliable = observations.filter(isReliable);
  const steps = reliable.slice(1).flatMap((next, i) => {
    const before = reliable[i];
    return before === undefined
      ? []
      : [{ from: before.timeMs, to: next.timeMs, away: isProfile(before, next) }];
  });
  const counted = observations.filter(
    (seen) =>
      isReliable(seen) || !steps.some(({ from, to, away }) => away && seen.timeMs > from && seen.timeMs < to),
  );
  const losses = steps.flatMap(({ from, to, away }) => (away ? [] : [longestLoss(observations, from, to)]));
  return {
    sameness: sameness(vectors),
    compared: vectors.length,
    jumps: countJumps(observations),
    seen: counted.length === 0 ? 0 : counted.filter(isSeen).length / counted.length,
    longestLossMs: Math.max(0, ...losses),
  };
}

/** Longest time without the face between two frames with it, of which the detector may see it in some. */
function longestLoss(observations: readonly FrameObservation[], from: number, to: number): number {
  if (to - from > profile.longestMs) return to - from;
  const between = observations.filter((frame) => frame.timeMs > from && frame.timeMs < to && isSeen(frame));
  const times = [from, ...between.map(({ timeMs }) => timeMs), to];
  return Math.max(...times.slice(1).map((time, i) => time - (times[i] ?? 0)));
}

/** Was the head turned to the same side before and after, and not gone for long? */
function isProfile(before: FrameObservation, after: FrameObservation): boolean {
  const yaws = [before, after].map(({ face }) => face?.signals.yaw ?? 0);
  const turned = yaws.every((yaw) => yaw >= profile.yaw) || yaws.every((yaw) => yaw <= -profile.yaw);
  return turned && after.timeMs - before.timeMs <= profile.longestMs;
}

/** Degrees of yaw within which identity is compared, where so many frames lie within it. */
const nearFrontal = 20;

/** Vectors of near frontal faces; of all where the whole clip is turned. */
function identifiable(observations: readonly FrameObservation[]): Float32Array[] {
  const faces = observations.flatMap(({ face }) => (face?.vector === undefined ? [] : [face]));
  const frontal = faces.filter(({ signals }) => Math.abs(signals.yaw) < nearFrontal);
  return (frontal.length > 0 ? frontal : faces).flatMap(({ vector }) => vector ?? []);
}

export function isContinuous(continuity: Continuity): boolean {
  return (
    continuity.sameness >= continuityLimits.sameness &&
    continuity.jumps <= continuityLimits.jumps &&
    continuity.seen >= continuityLimits.seen &&
    continuity.longestLossMs <= continuityLimits.longestLossMs
  );
}

/** Each frame is compared with the one that is most like all others, so that one bad frame doesn't decide. */
function sameness(vectors: readonly Float32Array[]): number {
  const cosines = vectors.map((a) => vectors.map((b) => a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0)));
  const central = cosines.reduce<number[] | undefined>(
    (best, row) => (best === undefined || total(row) > total(best) ? row : best),
    undefined,
  );
  return central === undefined ? 1 : Math.min(...central);
}

const total = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

/**
 * Within about a tenth of a second a face moves by less than half its size and grows by less than a third, and its
 * light stays: the limits are for 100 ms and grow with the time between the frames.
 */
function countJumps(observations: readonly FrameObservation[]): number {
  let jumps = 0;
  const steps = observations.slice(1).map((o, i) => o.timeMs - (observations[i]?.timeMs ?? 0));
  const usual = Math.max(100, steps.length === 0 ? 0 : quantile(steps, 0.5));
  for (const [i, b] of observations.entries()) {
    const a = observations[i - 1];
    if (a?.face === undefined || b.face === undefined || !isReliable(a) || !isReliable(b)) continue;
    const time = Math.max(1, (b.timeMs - a.timeMs) / 100);
    if (b.timeMs - a.timeMs > 2 * usual) continue;
    const before = a.face.signals;
    const after = b.face.signals;
    const size = Math.min(before.size, after.size);
    const moved = Math.hypot(after.centreX - before.centreX, after.centreY - before.centreY) / size;
    const grown = Math.abs(Math.log(after.size / before.size));
    if (moved > 0.55 * time || grown > 0.3 * time) jumps += 1;
  }
  return jumps;
}
