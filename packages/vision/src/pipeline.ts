/** Frames to faces, step by step: what liveness, evaluation and benches build on. */

export { runModel } from './architectures/index.ts';
export { createAttributeReader } from './attributes/attribute-reader.ts';
export { cropFaces, cropSpecOf, squareAround } from './crops/crop-faces.ts';
export { levelSizes, pyramidLevels } from './detection/image-pyramid.ts';
export { iou } from './detection/nms.ts';
export type { FaceAngle, FaceBox, FaceMesh, Frame, HeadPose, Rect } from './geometry/frame.ts';
export { contours, landmarks } from './geometry/topology.ts';
export type { DetectOptions } from './pipelines/detect-faces.ts';
export { createFacePipeline, type FacePipeline, type PipelineOptions } from './pipelines/face-pipeline.ts';
export { brightness, luma, sharpness } from './quality/measures.ts';
export type { Pixels } from './runtime/sessions.ts';
export { createWeightedSemaphore } from './runtime/weighted-semaphore.ts';
