import type { LivenessRequest } from '@openfrs/core';
import { type Decision, decide } from '../decision.ts';
import type { FrameObservation } from '../tracking/observation.ts';

/** One frame of a report; numbers are missing where no face was seen or none was sampled. */
export interface ReportFrame {
  readonly timeMs: number;
  readonly faces?: number;
  readonly yaw?: number;
  readonly pitch?: number;
  readonly roll?: number;
  readonly mouth?: number;
  readonly eyes?: number;
  readonly size?: number;
  readonly sharpness?: number;
  readonly brightness?: number;
  readonly confidence?: number;
  readonly live?: number;
}

/** Why a video was judged as it was: JSON without pictures or vectors. */
export interface LivenessReport {
  readonly request: LivenessRequest;
  readonly durationMs: number;
  readonly judgement: Decision;
  readonly frames: readonly ReportFrame[];
}

export function reportOf(
  observations: readonly FrameObservation[],
  request: LivenessRequest,
  durationMs: number,
): LivenessReport {
  return {
    request,
    durationMs,
    judgement: decide(observations, request, durationMs),
    frames: observations.map(reportFrame),
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
