import { createVision } from '@openfrs/vision';
import { once } from './once.ts';
import { settings } from './settings.ts';

/** The models that find and describe faces, loaded once a process. */
export const models = once('models', () => {
  const { modelsDir, minFacePx } = settings();
  return createVision({ modelsDir, minFacePx });
});
