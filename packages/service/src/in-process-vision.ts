import type { Vision } from '@openfrs/core';
import { createVision, type LocalVision } from '@openfrs/vision';
import type { Part, PartContext } from './part.ts';
import { isProvisioned } from './provisioned.ts';

/** The models that find and describe faces, loaded once a service. */
export const models: Part<'models', Promise<LocalVision>> = {
  name: 'models',
  open: ({ config: { modelsDir, minFacePx } }) => createVision({ modelsDir, minFacePx }),
};

/** Looks at pictures in this thread: for a process that has one request at a time. */
export async function inProcessVision({ resolve }: PartContext): Promise<Vision> {
  const { model, modelOf, detect, describe, warm } = await resolve(models);
  if (isProvisioned()) await warm();
  return { model, modelOf, detect, describe };
}
