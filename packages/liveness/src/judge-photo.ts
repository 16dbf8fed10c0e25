import { FrsError } from '@openfrs/contract';
import type { FaceQuality, PhotoVerdict, WarningCode } from '@openfrs/core';
import { timed } from '@openfrs/core/observation';
import { decodePicture, encodeJpeg, turned } from '@openfrs/vision/image';
import type { FaceBox, FacePipeline, Frame } from '@openfrs/vision/pipeline';
import type { AntiSpoof } from './pad/anti-spoof.ts';
import { boxOf, facePatch } from './tracking/face-patch.ts';
import { faceSignals } from './tracking/signals.ts';

/** From where a defect (0 best, 1 worst) is warned of; the total is 1 at best. */
const photoLimits = {
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
 * @param pipeline of this request: it ends the work where the signal aborts
 * @throws FrsError FRS.0016, FRS.0013, FRS.0707 no face
 */
export async function judgePhoto(
  pipeline: FacePipeline,
  antiSpoof: AntiSpoof,
  image: Uint8Array,
  signal?: AbortSignal,
): Promise<PhotoVerdict> {
  const decoded = await timed('decode', () => decodePicture(image, signal));
  const { frame, boxes, largest } = await uprightFaces(pipeline, decoded);
  const mesh = await pipeline.faceMesh(frame, largest);
  const quality = await pipeline.quality(frame, mesh);
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
async function uprightFaces(pipeline: FacePipeline, frame: Frame) {
  const boxes = await pipeline.detectFaces(frame);
  const [largest] = boxes;
  if (largest === undefined) throw new FrsError('FRS.0707');
  if (largest.angle === 0) return { frame, boxes, largest };
  const upright = await turned(frame, largest.angle);
  const again = await pipeline.detectFaces(upright, { rotations: false });
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
