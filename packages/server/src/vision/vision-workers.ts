import type { Overrides, Part } from '@openfrs/service';
import { startVisionPool, type VisionPool } from './pool.ts';

/** Worker processes that look at pictures and videos. @throws Error one clear sentence where a model is missing or damaged */
export const visionPool: Part<'visionPool', Promise<VisionPool>> = {
  name: 'visionPool',
  open: ({ config: { modelsDir, minFacePx, video } }) => startVisionPool({ modelsDir, minFacePx, video }),
};

/** Puts them in the place of the models in this process. */
export const visionWorkers: Overrides = {
  vision: ({ resolve }) => resolve(visionPool),
  liveness: ({ resolve }) => resolve(visionPool),
};
