import type { Action } from '@openfrs/core';
import { type ActionEvent, confidenceOf } from '../actions/detect-actions.ts';
import { restYaw } from '../actions/rest.ts';
import { isReliable, quantile, timeSeriesOf } from '../actions/time-series.ts';
import type { FaceView } from '../tracking/face-view.ts';
import type { FrameObservation } from '../tracking/observation.ts';
import { isMouthCovered } from './covered-mouth.ts';
import { scoreDisocclusion } from './disocclusion.ts';
import { isFrameSwap } from './frame-swap.ts';
import { estimateParallax, type FacePart, fitPlanarMotion, type PlanarMotion } from './planar-motion.ts';

/**
 * What tells a head's movement from a picture's. Measured on photos moved, tilted to 40° and bent to columns, roofs
 * and waves (`npm run bench liveness -- --attacks`), and on people.
 */
const depthLimits = {
  /** Left unexplained by a flat picture's best movement, noise taken off: photos .001 to .013, most people .03 to .3. */
  unexplained: 0.033,
  /** So much, and these are not two views of one face: the landmarks have left it. */
  incomparable: 0.5,
  /** Less, where things also move by their depth, as a part of what the turn's or nod's angle asks for. */
  unexplainedWithParallax: 0.01,
  /** Photos −.15 to .15, people .5 to 2. */
  parallax: 0.33,
  /** Part of the way that no head goes from one frame to the next, and back as fast: a photo was exchanged. */
  step: 0.85,
} as const;

/** Weaker events are no action, whatever made them. */
const leastStrength = 0.85;

/**
 * Weakens movements that a picture could have made: a landmark model sees a face turn where a photo is bent, or eyes
 * close where it is tilted; the pixels don't. Only requested actions are measured: some 50 ms each.
 */
export function weighByDepth(
  observations: readonly FrameObservation[],
  events: readonly ActionEvent[],
  asked: readonly Action[],
): ActionEvent[] {
  const seen = observations.filter(isReliable);
  const rest = {
    yaw: restYaw(timeSeriesOf(observations, 'yaw')),
    pitch: quantile(timeSeriesOf(observations, 'pitch').values, 0.5),
  };
  return events.map((event) => {
    if (event.strength < leastStrength || !asked.includes(event.action)) return event;
    const share = event.action > 3 ? scoreDisocclusion(seen, event) : scoreHeadMotion(seen, event, rest);
    if (share === undefined) return event;
    if (share >= 1) return { ...event, depthScore: share };
    const strength = Math.min(event.strength, 1) * share * 0.9;
    return { ...event, strength, confidence: confidenceOf(strength), depthScore: share };
  });
}

/** Frames at rest that the farthest one is compared with. */
const comparisons = 3;
/** How far from the movement they should be, in ms. */
const nearMs = 1500;

/** Frames outside the movement. */
const outside = (seen: readonly FrameObservation[], { from, to }: ActionEvent) =>
  seen.filter(({ timeMs }) => timeMs < from || timeMs > to);

/** The half of the frames for which `unrest` is least, in time's order. */
function calmest(
  frames: readonly FrameObservation[],
  unrest: (frame: FrameObservation) => number,
): FrameObservation[] {
  return frames
    .toSorted((a, b) => unrest(a) - unrest(b))
    .slice(0, Math.ceil(frames.length / 2))
    .toSorted((a, b) => a.timeMs - b.timeMs);
}

/** A few of the frames, evenly. */
function some(frames: readonly FrameObservation[]): FrameObservation[] {
  const step = Math.max(1, frames.length / comparisons);
  return Array.from({ length: Math.min(comparisons, frames.length) }, (_, i) =>
    frames.at(Math.floor((i + 0.5) * step)),
  ).flatMap((frame) => frame ?? []);
}

const viewOf = (frame: FrameObservation | undefined): FaceView | undefined => frame?.face?.view;
const sine = (degrees: number) => Math.sin((degrees * Math.PI) / 180);

/** How sure a turn or nod is a head's, 1 at the decision; undefined without pictures. */
function scoreHeadMotion(
  seen: readonly FrameObservation[],
  event: ActionEvent,
  rest: { readonly yaw: number; readonly pitch: number },
): number | undefined {
  const farthest = seen.find(({ timeMs }) => timeMs === event.peak);
  const peak = viewOf(farthest);
  if (peak === undefined) return undefined;
  const signal = event.action === 3 ? 'pitch' : 'yaw';
  const moved = ({ face }: FrameObservation) => face?.signals[signal] ?? 0;
  if (farthest !== undefined && isFrameSwap(seen, farthest, moved, rest[signal], depthLimits.step)) return 0;
  const away = ({ face }: FrameObservation) =>
    Math.abs((face?.signals.yaw ?? 90) - rest.yaw) + Math.abs((face?.signals.pitch ?? 90) - rest.pitch);
  const out = outside(seen, event);
  const near = out.filter(({ timeMs }) => timeMs > event.from - nearMs && timeMs < event.to + nearMs);
  const calm = some(calmest(near.length > 0 ? near : out, away));
  const angleTo = (frame: FrameObservation) => (farthest === undefined ? 0 : moved(farthest)) - moved(frame);
  const score = (part: FacePart) => scorePart(part, { seen, calm, peak, angleTo, isNod: event.action === 3 });
  const whole = score('face');
  if (whole === 0 || whole >= 1 || !isMouthCovered(seen)) return whole;
  // A mask stands out and moves as one flat thing: what is above it tells more.
  return Math.max(whole, score('upper face'));
}

/** The farthest frame's view, and the frames that it is compared with, by so many degrees from it. */
interface Compared {
  readonly seen: readonly FrameObservation[];
  readonly calm: readonly FrameObservation[];
  readonly peak: FaceView;
  angleTo(frame: FrameObservation): number;
  readonly isNod: boolean;
}

function scorePart(part: FacePart, { seen, calm, peak, angleTo, isNod }: Compared): number {
  const compared = calm.flatMap((frame) => {
    const view = viewOf(frame);
    if (view === undefined) return [];
    const [flat, back] = [fitPlanarMotion(peak, view, part), fitPlanarMotion(view, peak, part)];
    return [{ view, flat, back, angle: angleTo(frame) }];
  });
  const unexplained = Math.min(...compared.map(leftOver));
  if (!(unexplained < depthLimits.incomparable)) return 0;
  const plainly = (unexplained - noise(seen, calm, part)) / depthLimits.unexplained;
  if (plainly >= 1) return plainly;
  const parallax = compared.map(({ view, flat, angle }) => {
    const turned = sine(Math.max(5, Math.abs(angle)) * Math.sign(angle));
    const [sideways, down] = estimateParallax(peak, view, flat, isNod ? [0, turned] : [-turned, 0]);
    return (isNod ? down : -sideways) / turned;
  });
  // What parallax leaves grows with the square of the angle: the frame that is farthest off tells most.
  const [widest] = compared.toSorted((a, b) => Math.abs(b.angle) - Math.abs(a.angle));
  const byDepth = Math.min(
    (widest === undefined ? 0 : leftOver(widest)) / depthLimits.unexplainedWithParallax,
    quantile(parallax, 0.5) / depthLimits.parallax,
  );
  return Math.max(0, plainly, byDepth);
}

/** What the best flat movement of one frame to another leaves, in the direction that leaves less. */
const leftOver = ({ flat, back }: { readonly flat: PlanarMotion; readonly back: PlanarMotion }) =>
  Math.min(flat.fit.mismatch, back.fit.mismatch);

/** What is unexplained between frames at rest and the ones right after them: the recording's own doing. */
function noise(seen: readonly FrameObservation[], calm: readonly FrameObservation[], part: FacePart): number {
  const values = calm.flatMap((frame) => {
    const [a, b] = [viewOf(frame), viewOf(seen[seen.indexOf(frame) + 1])];
    return a === undefined || b === undefined ? [] : [fitPlanarMotion(b, a, part).fit.mismatch];
  });
  return Math.min(mostNoise, ...values);
}

/** More is no noise: a head that doesn't rest. */
const mostNoise = 0.03;
