import { type Overrides, type Part, parts } from '@openfrs/service';
import { startVisionPool, type VisionPool } from './pool.ts';

/** Worker processes that look at pictures and videos. @throws Error one clear sentence where a model is missing or damaged */
export const visionPool: Part<'visionPool', Promise<VisionPool>> = {
  name: 'visionPool',
  open: ({ config: { modelsDir, minFacePx, video, visionWorkers }, resolve }) =>
    startVisionPool({
      modelsDir,
      minFacePx,
      video,
      size: visionWorkers,
      memory: resolve(parts.admission).pictures,
    }),
};

/** Puts them in the place of the models in this process. */
export const visionWorkers: Overrides = {
  vision: ({ resolve }) => resolve(visionPool),
  liveness: ({ resolve }) => resolve(visionPool),
};
