import type { FaceEngine } from '../engine.ts';
import { encodeJpeg } from '../picture/encode.ts';
import type { PictureCandidate } from './observation.ts';

/**
 * The best frame, whole, as a JPEG in which face detection finds the face; undefined when no candidate passes.
 */
export async function bestPicture(
  engine: FaceEngine,
  candidates: readonly PictureCandidate[],
): Promise<Uint8Array | undefined> {
  for (const { frame } of candidates) {
    if ((await engine.detectFaces(frame, { rotations: false })).length > 0) return encodeJpeg(frame, 92);
  }
  return undefined;
}
