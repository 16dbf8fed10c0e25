import type { LivenessRequest } from '@openfrs/core';
import { type Decision, decide } from '../decision.ts';
import type { FrameObservation } from '../tracking/observation.ts';
import { lookedAtMs, type VideoLength } from '../video-length.ts';
import { type Check, checksOf } from './checks.ts';
import type { ReportFrame } from './report-frame.ts';

/** Why a video was judged as it was: JSON without pictures or vectors. */
export interface LivenessReport {
  readonly request: LivenessRequest;
  readonly durationMs: number;
  /** So much of it from its start was looked at; the rest counts as if it weren't there. */
  readonly decodedMs: number;
  readonly judgement: Decision;
  /** Passed or not, each with its value and its limit. */
  readonly checks: readonly Check[];
  readonly frames: readonly ReportFrame[];
}

export function reportOf(
  observations: readonly FrameObservation[],
  request: LivenessRequest,
  length: VideoLength,
): LivenessReport {
  const judgement = decide(observations, request, length);
  const frames = observations.map(reportFrame);
  return {
    ...{ request, durationMs: length.durationMs, decodedMs: lookedAtMs(length), judgement },
    checks: checksOf({ judgement, frames, decodedMs: lookedAtMs(length) }),
    frames,
  };
}

const rounded = (value: number) => Math.round(value * 1000) / 1000;

function reportFrame({ timeMs, faces, face }: FrameObservation): ReportFrame {
  const counted = { timeMs: Math.round(timeMs), ...(faces === undefined ? {} : { faces }) };
  if (face === undefined) return counted;
  const { signals, sharpness, brightness, confidence, live } = face;
  return {
    ...counted,
    yaw: rounded(signals.yaw),
    pitch: rounded(signals.pitch),
    roll: rounded(signals.roll),
    mouth: rounded(signals.mouth),
    eyes: rounded(signals.eyes),
    size: rounded(signals.size),
    sharpness: rounded(sharpness),
    brightness: rounded(brightness),
    confidence: rounded(confidence),
    ...(live === undefined ? {} : { live: rounded(live) }),
  };
}
