import type { FrameObservation } from '../tracking/observation.ts';
import { confidenceOf, distanceOf } from './fusion.ts';

/** Degrees of yaw at which a frame counts a third; the models were trained on faces that look at the camera. */
const frontalYaw = 15;
/** Sharpness (quality/measures.ts) at which a frame counts half. */
const halfSharp = 0.005;

/**
 * What the anti-spoof models say of a video, as a confidence, .5 at the threshold: the mean of their scores over frames, near
 * frontal and sharp ones counting more. Undefined without any.
 */
export function meanLive(observations: readonly FrameObservation[]): number | undefined {
  let [sum, weights] = [0, 0];
  for (const { face } of observations) {
    if (face?.live === undefined) continue;
    const weight = frameWeight(face.signals.yaw, face.sharpness);
    sum += weight * distanceOf(face.live);
    weights += weight;
  }
  return weights === 0 ? undefined : confidenceOf(sum / weights);
}

/** How much a frame counts, by yaw in degrees and sharpness (quality/measures.ts). */
export const frameWeight = (yaw: number, sharpness: number) =>
  1e-6 + (Math.exp(-((yaw / frontalYaw) ** 2)) * sharpness) / (sharpness + halfSharp);
