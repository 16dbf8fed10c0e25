import { encodeJpeg } from '@openfrs/vision/image';
import type { FacePipeline } from '@openfrs/vision/pipeline';
import type { FrameCandidate } from './tracking/observation.ts';

/**
 * The best frame, whole, as a JPEG in which face detection finds the face; undefined when no candidate passes. A quick pass would not
 * do: it has no second opinion, so it finds faces that the whole detection rejects. Candidates are asked best first, usually one.
 */
export async function encodeBestFrame(
  pipeline: FacePipeline,
  candidates: readonly FrameCandidate[],
): Promise<Uint8Array | undefined> {
  for (const { frame } of candidates) {
    const faces = await pipeline.detectFaces(frame, { rotations: false, renditions: false });
    if (faces.length > 0) return encodeJpeg(frame, 92);
  }
  return undefined;
}
