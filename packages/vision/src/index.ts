export type { DetectOptions, FaceEngine } from './engine.ts';
export type { FaceAngle, FaceBox, FaceMesh, Frame, HeadPose, Rect } from './frame.ts';
export type { FloatTensor, Pixels, Sessions } from './sessions/sessions.ts';
// Published signatures, arriving in this order:
//   createEngine(options?: { modelsDir?: string; threads?: number }): Promise<FaceEngine>
//   createVision(options?: { engine?: FaceEngine; … }): Promise<Vision & { engine; warm(); close() }>
//   decodePicture(file: Uint8Array): Promise<Frame>                      FRS.0016, FRS.0013
//   encodeJpeg(frame: Frame, quality?: number): Promise<Uint8Array>
//   every model takes uint8 RGB [n, h, w, 3] (`Pixels`); normalisation is inside the ONNX files (@openfrs/models)
//   newCrops(count, width, height): Pixels
//   cropInto(frame, rect, crops, index): Promise<void>                   resized, black outside the frame
//   scaledBox(box: Rect, scale: number, frame: Frame): Rect              box × 2.7 for anti-spoofing, shifted inside
//   headPose(mesh: FaceMesh): HeadPose
//   sharpness(frame, rect): number;  brightness(frame, rect): number     (quality/)
