import { FrsError } from '@openfrs/contract';
import type { FaceQuality, PhotoVerdict, WarningCode } from '@openfrs/core';
import type { FaceEngine } from '../engine.ts';
import type { FaceBox, Frame } from '../frame.ts';
import { decodePicture } from '../picture/decode.ts';
import { encodeJpeg } from '../picture/encode.ts';
import { turned } from '../picture/resize.ts';
import type { AntiSpoof } from './anti-spoof.ts';
import { boxOf, facePatch } from './face-patch.ts';
import { faceSignals } from './signals.ts';

/** From where a defect (0 best, 1 worst) is warned of; the total is 1 at best. */
export const photoLimits = {
  total: 0.15,
  blur: 0.6,
  pose: 0.35,
  occlusion: 0.35,
  /** Mean luma of the face, 0..255: below it, too dark. */
  brightness: 50,
  /** A second face counts from this part of the largest one's area. */
  otherFace: 0.2,
} as const;

/**
 * Silent liveness of one photo: the largest face is judged by the anti-spoof models.
 * @param engine of this request: it ends the work where the signal aborts
 * @throws FrsError FRS.0016, FRS.0013, FRS.0707 no face
 */
export async function judgePhoto(
  engine: FaceEngine,
  antiSpoof: AntiSpoof,
  image: Uint8Array,
  signal?: AbortSignal,
): Promise<PhotoVerdict> {
  const { frame, boxes, largest } = await uprightFaces(engine, await decodePicture(image, signal));
  const mesh = await engine.faceMesh(frame, largest);
  const quality = await engine.quality(frame, mesh);
  const patch = await facePatch(frame, faceSignals(mesh, frame.width, frame.height));
  const confidence = await antiSpoof.live(frame, boxOf(mesh));
  return {
    alive: confidence >= 0.5,
    confidence,
    picture: await encodeJpeg(frame, 92),
    warnings: photoWarnings(quality, patch.brightness, boxes),
  };
}

/** The faces of a picture, in the picture turned so that the largest one stands upright. */
async function uprightFaces(engine: FaceEngine, frame: Frame) {
  const boxes = await engine.detectFaces(frame);
  const [largest] = boxes;
  if (largest === undefined) throw new FrsError('FRS.0707');
  if (largest.angle === 0) return { frame, boxes, largest };
  const upright = await turned(frame, largest.angle);
  const again = await engine.detectFaces(upright, { rotations: false });
  const [found] = again;
  if (found === undefined) throw new FrsError('FRS.0707');
  return { frame: upright, boxes: again, largest: found };
}

/** Chapter 5.2.10, codes 101 to 106. */
export function photoWarnings(
  quality: FaceQuality,
  brightness: number,
  boxes: readonly FaceBox[],
): WarningCode[] {
  const area = (box: FaceBox) => box.width * box.height;
  const largest = Math.max(...boxes.map(area));
  const warnings: WarningCode[] = [];
  if (quality.total < photoLimits.total) warnings.push(101);
  if (quality.blur > photoLimits.blur) warnings.push(102);
  if (quality.pose > photoLimits.pose) warnings.push(103);
  if (quality.occlusion > photoLimits.occlusion) warnings.push(104);
  if (brightness < photoLimits.brightness) warnings.push(105);
  if (boxes.filter((box) => area(box) > photoLimits.otherFace * largest).length > 1) warnings.push(106);
  return warnings;
}
