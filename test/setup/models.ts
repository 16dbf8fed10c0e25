import { modelsDir } from '@openfrs/models';
import { ensureModels } from '@openfrs/models/ensure';

/** Builds the default models once for the whole run; a fraction of a second when they are there. */
export default async function setup(): Promise<void> {
  await ensureModels({
    dir: modelsDir(process.env),
    onProgress: (message) => console.log(`models: ${message}`),
  });
}
