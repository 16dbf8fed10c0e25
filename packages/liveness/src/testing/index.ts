/** For tests and benches: synthetic observations of a face, and attack presentations as a camera would record them. */
export type { ActionEvent } from '../actions/detect-actions.ts';
export { decide } from '../decision.ts';
export { logitOf } from '../pad/anti-spoof.ts';
export { fusedScore } from '../pad/fusion.ts';
export { frameWeight } from '../pad/mean-live.ts';
export { measureMotionCues } from '../pad/motion-cues.ts';
export {
  featureOf,
  kindOf,
  type MotionKind,
  motionFeatures,
} from '../pad/motion-score.ts';
export { grown, type Polygon, spansOf } from '../pad/polygon.ts';
export { boxOf, facePatch } from '../tracking/face-patch.ts';
export type { FrameObservation } from '../tracking/observation.ts';
export { faceSignals } from '../tracking/signals.ts';
export * from './attack-presentations.ts';
export * from './camera.ts';
export * from './observe.ts';
export * from './printed-pai.ts';
export * from './synthetic-observations.ts';
