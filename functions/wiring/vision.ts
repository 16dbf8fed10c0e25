import type { Vision } from '@openfrs/core';
import { models } from './models.ts';
import { once } from './once.ts';

/** Who looks at pictures: this thread in the cloud, where a process has one request at a time; a local server provides others. */
export const vision = once('vision', async (): Promise<Vision> => {
  const { model, detect, describe } = await models();
  return { model, detect, describe };
});
