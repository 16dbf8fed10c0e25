import type { VideoDecoder } from '@openfrs/video';
import type { FacePipeline } from '@openfrs/vision/pipeline';
import { createAntiSpoof } from '../pad/anti-spoof.ts';
import { createFaceTracker } from '../tracking/face-tracker.ts';
import type { FrameObservation } from '../tracking/observation.ts';

/** What is measured in a video's frames, before anything is decided: what `decide` is called with. */
export async function observe(
  pipeline: FacePipeline,
  decoder: VideoDecoder,
  video: Uint8Array,
): Promise<{ observations: readonly FrameObservation[]; durationMs: number }> {
  const tracker = createFaceTracker(pipeline, createAntiSpoof(pipeline, 'video'));
  const { durationMs } = await decoder.decode(video, (frame) => tracker.push(frame));
  return { observations: tracker.observations, durationMs };
}
