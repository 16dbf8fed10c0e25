import { createLiveness } from '@openfrs/liveness';
import { createVideoDecoder } from '@openfrs/video';
import { models } from './in-process-vision.ts';
import type { PartContext } from './part.ts';
import type { LivenessReports } from './parts.ts';
import { isProvisioned } from './provisioned.ts';

/** Judges videos and photos in this process, with the same models as `inProcessVision`. */
export async function inProcessLiveness({ config, resolve }: PartContext): Promise<LivenessReports> {
  const liveness = await createLiveness({
    pipeline: (await resolve(models)).pipeline,
    decoder: createVideoDecoder(config.video),
  });
  if (isProvisioned()) await liveness.warm();
  return liveness;
}
