import { listModels, selectionNotes, verifyModels } from '@openfrs/models';
import { CliError } from '../failure.ts';
import type { Stores } from '../stores.ts';
import { type Finding, finding } from './finding.ts';

/** The files of the models in use, by their hashes. */
export async function checkModels(stores: Stores): Promise<Finding> {
  return await finding('models', stores, async () => {
    const dir = stores.config.modelsDir;
    const wrong = await verifyModels({ dir });
    if (wrong.length > 0) {
      const each = wrong.map(({ entry, state }) => `${entry.id} is ${state}`).join(', ');
      throw new CliError(`${each}: npm run models builds them`);
    }
    const active = (await listModels({ dir })).filter((model) => model.active);
    const notes = await selectionNotes({ dir });
    return [`${active.map(({ entry }) => entry.id).join(', ')} in ${dir}`, ...notes].join('. ');
  });
}
