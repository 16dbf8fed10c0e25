import { createLiveness } from '@openfrs/vision/liveness/index.ts';
import { createVideoDecoder } from '@openfrs/vision/video/index.ts';
import { models } from './in-process-vision.ts';
import type { PartContext } from './part.ts';
import type { LivenessReports } from './parts.ts';

/** Judges videos and photos in this process, with the same models as `inProcessVision`. */
export async function inProcessLiveness({ config, resolve }: PartContext): Promise<LivenessReports> {
  return createLiveness({
    engine: (await resolve(models)).engine,
    decoder: createVideoDecoder({ ffmpegPath: config.ffmpegPath ?? null }),
  });
}
