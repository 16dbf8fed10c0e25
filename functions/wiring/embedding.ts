import { activeModels, readSelection } from '@openfrs/models/selection.ts';
import { once } from './once.ts';
import { settings } from './settings.ts';

/** Which embedding model new face sets are for; the model itself isn't loaded. */
export const embedding = once('embedding', async () => {
  const [model] = activeModels(await readSelection(settings().modelsDir)).get('embedder') ?? [];
  if (!model?.embedder) throw new Error('No embedding model is in use: see `openfrs models list`.');
  return { id: model.id, dimension: model.embedder.dimension };
});
