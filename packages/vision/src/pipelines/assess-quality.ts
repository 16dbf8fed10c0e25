import type { FaceQuality } from '@openfrs/core';
import { cropFaces } from '../crops/crop-faces.ts';
import type { FaceMesh, Frame } from '../geometry/frame.ts';
import { headPose } from '../landmarks/head-pose.ts';
import { illuminationDefect } from '../quality/illumination.ts';
import { luma, sharpness } from '../quality/measures.ts';
import { occlusionDefect } from '../quality/occlusion.ts';

/** ArcFace's crop, whatever the embedder: the measures' limits were chosen on it. */
const spec = { kind: 'aligned', template: 'arcface', side: 112 } as const;

/**
 * The quality of a face for recognition: 0 is best for the four defects, 1 for the total, which is the product of
 * what each defect leaves over: one that is ruined ruins the whole.
 */
export async function assessQuality(frame: Frame, mesh: FaceMesh): Promise<FaceQuality> {
  const { crops: crop } = await cropFaces(frame, [mesh], spec);
  const grey = luma(crop);
  const blur = blurDefect(sharpness(grey, spec.side, spec.side));
  const pose = poseDefect(mesh);
  const illumination = illuminationDefect(grey, spec.side, spec.side);
  const occlusion = occlusionDefect(crop, mesh);
  const total = (1 - blur) * (1 - pose) * (1 - illumination) * (1 - occlusion);
  return { total, blur, pose, occlusion, illumination };
}

/** Normalised sharpness (`sharpness`) of a face that no detail is left of, and of one with nothing to wish for. */
const blurred = 0.0025;
const sharp = 0.04;

/** Between the two on a logarithmic scale: blur of σ = 2 px on an 85 px face comes out near .5. */
function blurDefect(value: number): number {
  return clamp(1 - Math.log(value / blurred) / Math.log(sharp / blurred));
}

/**
 * 1 − cos²(yaw) · cos²(pitch), as ISO/IEC 29794-5:2025 maps head angles to quality. Roll is left out: alignment
 * undoes it. Pitch counts from what a neutral face shows (−8° to +10°, measured).
 */
function poseDefect(mesh: FaceMesh): number {
  const { yaw, pitch } = headPose(mesh);
  const beyond = Math.sign(pitch) * Math.max(0, Math.abs(pitch) - 10);
  return 1 - cosine(yaw) ** 2 * cosine(beyond) ** 2;
}

function cosine(degrees: number): number {
  return Math.max(0, Math.cos((degrees * Math.PI) / 180));
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}
