import type { FrameObservation, ObservedFace } from '../tracking/observation.ts';

/** Degrees of yaw at which a frame counts a third; the models were trained on faces that look at the camera. */
const frontalYaw = 15;
/** Sharpness (quality/measures.ts) at which a frame counts half. */
const halfSharp = 0.005;

/** Mean of the anti-spoof models' probability over frames, near frontal and sharp ones counting more; undefined without any. */
export function meanLive(observations: readonly FrameObservation[]): number | undefined {
  let [sum, weights] = [0, 0];
  for (const { face } of observations) {
    if (face?.live === undefined) continue;
    const weight = weightOf(face);
    sum += weight * face.live;
    weights += weight;
  }
  return weights === 0 ? undefined : sum / weights;
}

const weightOf = ({ signals, sharpness }: ObservedFace) =>
  1e-6 + (Math.exp(-((signals.yaw / frontalYaw) ** 2)) * sharpness) / (sharpness + halfSharp);
