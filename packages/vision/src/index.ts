/** Core's port `Vision` over onnxruntime and sharp. */
export {
  type CalibrationAnchors,
  calibrationAnchors,
  type SimilarityCurve,
  similarityCurve,
} from './calibration/similarity.ts';
export { createVision, type LocalVision, type VisionOptions } from './create-vision.ts';
export { embeddingsOf } from './embedding/embeddings.ts';
