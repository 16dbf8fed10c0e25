export type { DetectOptions, FaceEngine } from './engine.ts';
export type { FaceAngle, FaceBox, FaceMesh, Frame, HeadPose, Rect } from './frame.ts';
export type { FloatTensor, Sessions } from './sessions/sessions.ts';
// Published signatures, arriving in this order:
//   createEngine(options?: { modelsDir?: string; threads?: number }): Promise<FaceEngine>
//   createVision(options?: { engine?: FaceEngine; … }): Promise<Vision & { engine; warm(); close() }>
//   decodePicture(file: Uint8Array): Promise<Frame>                      FRS.0016, FRS.0013
//   encodeJpeg(frame: Frame, quality?: number): Promise<Uint8Array>
//   cropTensor(frame, rect, { width, height, order: 'rgb'|'bgr', mean: number|[3], std: number|[3] }): Float32Array   NCHW
//   scaledBox(box: Rect, scale: number, frame: Frame): Rect              box × 2.7 for anti-spoofing, shifted inside
//   headPose(mesh: FaceMesh): HeadPose
//   sharpness(frame, rect): number;  brightness(frame, rect): number     (quality/)
