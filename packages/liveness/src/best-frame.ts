import { encodeJpeg } from '@openfrs/vision/image';
import type { FacePipeline } from '@openfrs/vision/pipeline';
import type { FrameCandidate } from './tracking/observation.ts';

/**
 * The best frame, whole, as a JPEG in which face detection finds the face; undefined when no candidate passes.
 */
export async function encodeBestFrame(
  pipeline: FacePipeline,
  candidates: readonly FrameCandidate[],
): Promise<Uint8Array | undefined> {
  // The quick pass looks at fewer sizes of face: what it finds is found by the whole detection too.
  for (const quick of [true, false]) {
    for (const { frame } of candidates) {
      const faces = await pipeline.detectFaces(frame, { quick, rotations: false, renditions: false });
      if (faces.length > 0) return encodeJpeg(frame, 92);
    }
  }
  return undefined;
}
