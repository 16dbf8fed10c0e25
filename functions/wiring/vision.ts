import { createVision } from '@openfrs/vision';
import { once } from './once.ts';
import { settings } from './settings.ts';

/** The models that find and describe faces, loaded once a process. */
export const vision = once('vision', () => {
  const { modelsDir, minFacePx } = settings();
  return createVision({ modelsDir, minFacePx });
});
