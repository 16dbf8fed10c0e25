import type { LivenessRequest, WarningCode } from '@openfrs/core';
import { type ActionEvent, detectActions } from './actions/detect-actions.ts';
import { type MatchedActions, matchActions } from './actions/match-actions.ts';
import { isReliable, quantile } from './actions/time-series.ts';
import { type Continuity, continuityOf, isContinuous } from './continuity.ts';
import { weighByDepth } from './pad/depth-evidence.ts';
import { meanLive } from './pad/mean-live.ts';
import { measureMotionCues } from './pad/motion-cues.ts';
import { type MotionScore, scoreMotion } from './pad/motion-score.ts';
import { type Refusal, refusalsOf } from './refusals.ts';
import type { FrameObservation, ObservedFace } from './tracking/observation.ts';
import { cutAdvice, lookedAtMs, type VideoLength } from './video-length.ts';

/** Alive or not, with everything that led to it. */
export interface Decision {
  readonly alive: boolean;
  readonly actions: readonly {
    readonly action: LivenessRequest['actions'][number];
    readonly confidence: number;
  }[];
  readonly warnings: readonly WarningCode[];
  readonly events: readonly ActionEvent[];
  readonly schedule: MatchedActions;
  /** How sure the anti-spoof models are, .5 at their threshold; undefined without a frontal face. */
  readonly live?: number;
  /** How like a picture's the motion is; only of clips that pass all else and show enough to tell. */
  readonly motion?: MotionScore;
  readonly continuity: Continuity;
  /** Each check that failed, with what to do; empty for whom is alive. */
  readonly refusals: readonly Refusal[];
}

/** What a video is held against, beside the limits of `continuity.ts`. */
export const decisionLimits = {
  /** Confidence of the anti-spoof models over the video's frontal frames: their calibrated threshold. */
  live: 0.5,
  /** Frames with a face that make a video worth judging. */
  faceFrames: 5,
  /** Least that must have been looked at: the contract's 1 s, and the video package's tolerance of clocks, 40 ms. */
  lookedAtMs: 960,
  /** Share of the frames with counted faces that may show a second one of like size: one may always, but never more than half. */
  otherFaces: 0.2,
  /** Yaw and pitch within which a face looks forward, degrees; pitch has the mesh's own tilt in it. */
  forwardYaw: 20,
  forwardPitch: 35,
  /** A face smaller (pixels in a 640 px frame), darker or more blurred than this can't be judged well. */
  faceSize: 45,
  brightness: 35,
  sharpness: 0.003,
  /** Face presence of a face that nothing covers: 1.00 in 95 of 100 frames of 11 of 13 videos. */
  uncovered: 0.95,
} as const;

/** From observations to alive or not. Of a video that is longer than what was looked at the end counts as if it weren't there. */
export function decide(
  observations: readonly FrameObservation[],
  request: LivenessRequest,
  length: VideoLength,
): Decision {
  const events = weighByDepth(
    observations,
    detectActions(observations, request.nodThreshold),
    request.actions,
  );
  const planned = matchActions(events, request);
  const continuity = continuityOf(observations);
  const live = meanLive(observations);
  const actions = request.actions.map((action, i) => ({ action, confidence: planned[i]?.confidence ?? 0 }));
  const done = actions.every(({ confidence }) => confidence >= 0.5);
  const seen = [...durationWarnings(length), ...warningsOf(observations, done, live, continuity)];
  const person = live !== undefined && live >= decisionLimits.live && isContinuous(continuity);
  const enough = lookedAtMs(length) >= decisionLimits.lookedAtMs;
  const passes = enough && done && person && !seen.includes(4) && !seen.includes(5);
  // Registering faces takes time: who is refused anyway is spared it.
  const asked = planned.flatMap((event) => event ?? []);
  const motion = passes ? scoreMotion(measureMotionCues(observations, asked)) : undefined;
  const isPicture = motion !== undefined && motion.score > 0;
  const warnings = isPicture && !seen.includes(7) ? [...seen, 7 as const] : seen;
  return {
    alive: passes && !isPicture,
    actions,
    warnings,
    events,
    schedule: planned,
    ...(live === undefined ? {} : { live }),
    ...(motion === undefined ? {} : { motion }),
    continuity,
    refusals: refusalsOf(request, {
      ...{ events, matched: planned, continuity, live, liveLimit: decisionLimits.live, motion },
      faceless: warnings.includes(5),
      covered: isCovered(observations),
      several: warnings.includes(4),
      ...(enough ? {} : { short: { value: lookedAtMs(length), limit: decisionLimits.lookedAtMs } }),
      cut: cutAdvice(length),
      size: middleOf(observations.filter(isReliable), ({ signals }) => signals.size),
    }),
  };
}

/** Outside 1..15 s a video is refused (FRS.0706); at its edges, within the tolerance of clocks, it is warned of. */
function durationWarnings(length: VideoLength): WarningCode[] {
  const short = lookedAtMs(length) <= 1000 ? [2 as const] : [];
  return length.durationMs > 15_000 ? [...short, 3] : short;
}

/** Chapter 5.2.10, codes 1 and 4 to 7 (8 belongs to the picture). */
function warningsOf(
  observations: readonly FrameObservation[],
  done: boolean,
  live: number | undefined,
  continuity: Continuity,
): WarningCode[] {
  const seen = observations.filter(isReliable);
  const counts = observations.flatMap(({ faces }) => faces ?? []);
  const several = counts.filter((count) => count > 1).length;
  const warnings: WarningCode[] = [];
  const faceless = seen.length < Math.min(decisionLimits.faceFrames, observations.length);
  if (!faceless && !looksForward(seen)) warnings.push(1);
  const tolerated = Math.max(1, counts.length * decisionLimits.otherFaces);
  if (several > Math.min(tolerated, counts.length / 2)) warnings.push(4);
  if (faceless) return [...warnings, 5];
  if (!done) warnings.push(6);
  const poor = isPoor(seen) || live === undefined || live < decisionLimits.live || !isContinuous(continuity);
  if (poor) warnings.push(7);
  return warnings;
}

/** In a tenth of the frames at least: during an action the face is turned away. */
function looksForward(seen: readonly FrameObservation[]): boolean {
  const forward = seen.filter(({ face }) => {
    const { yaw = 90, pitch = 90 } = face?.signals ?? {};
    return Math.abs(yaw) < decisionLimits.forwardYaw && Math.abs(pitch) < decisionLimits.forwardPitch;
  });
  return forward.length >= seen.length * 0.1;
}

/** Does the detector find a face most of the time, where the mesh model sees none, or one that it doubts? */
function isCovered(observations: readonly FrameObservation[]): boolean {
  const counted = observations.filter(({ faces }) => faces !== undefined);
  const found = counted.filter(({ faces = 0 }) => faces > 0);
  if (found.length <= counted.length / 2) return false;
  const doubted = found.filter(({ face }) => (face?.confidence ?? 0) < decisionLimits.uncovered);
  return doubted.length > found.length / 2;
}

function middleOf(seen: readonly FrameObservation[], value: (face: ObservedFace) => number): number {
  return quantile(
    seen.flatMap(({ face }) => (face === undefined ? [] : [value(face)])),
    0.5,
  );
}

function isPoor(seen: readonly FrameObservation[]): boolean {
  const middle = (value: (face: ObservedFace) => number) => middleOf(seen, value);
  return (
    middle(({ signals }) => signals.size) < decisionLimits.faceSize ||
    middle((face) => face.brightness) < decisionLimits.brightness ||
    middle((face) => face.sharpness) < decisionLimits.sharpness
  );
}
