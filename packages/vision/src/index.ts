export { type Affine, squareMap } from './align/affine.ts';
export { arcfaceTemplate, fivePoints } from './align/five-points.ts';
export { sampleInto } from './align/sample.ts';
export { similarityTransform } from './align/umeyama.ts';
export { newCrops } from './align/warp.ts';
export {
  type CurveMarks,
  curveMarks,
  type SimilarityCurve,
  similarityCurve,
} from './calibrate/similarity.ts';
export type { DetectOptions } from './detect/find.ts';
export { createEngine, type EngineOptions, type FaceEngine } from './engine.ts';
export type { FaceAngle, FaceBox, FaceMesh, Frame, HeadPose, Rect } from './frame.ts';
export {
  createLiveness,
  type LivenessOptions,
  type LiveReport,
  type LocalLiveness,
  reportPage,
} from './liveness/index.ts';
export { contours, landmarks } from './mesh/landmarks.ts';
export { headPose } from './mesh/pose.ts';
export { decodePicture } from './picture/decode.ts';
export { encodeJpeg } from './picture/encode.ts';
export { estimatePictureMemory } from './picture/header.ts';
export { resized } from './picture/resize.ts';
export { brightness, luma, sharpness } from './quality/measures.ts';
export type { FloatTensor, Pixels, Sessions } from './sessions/sessions.ts';
export {
  buildWorkerCode,
  createVideoDecoder,
  type VideoDecoder,
  type VideoDecoderOptions,
  type VideoFrame,
  type VideoInfo,
  warmVideoDecoder,
} from './video/index.ts';
export { createVision, type LocalVision, type VisionOptions } from './vision.ts';
