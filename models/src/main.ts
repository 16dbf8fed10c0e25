import { ensureModels } from './build/build-models.ts';
import { modelsDir } from './runtime/cache.ts';
import { listModels } from './runtime/model-files.ts';

/** `npm run models`: builds the models in use and prints a table of all that are known. */
async function main(): Promise<void> {
  const dir = modelsDir(process.env);
  await ensureModels({ dir, onProgress: (message) => console.error(message) });
  const rows = (await listModels({ dir })).map(({ entry, state, active }) => ({
    id: entry.id,
    role: entry.role,
    'in use': active ? 'yes' : '',
    state: state === 'missing' && !active ? '' : state,
    licence: entry.licence.spdx,
    origin:
      entry.origin.from === 'npm' ? `${entry.origin.package}@${entry.origin.version}` : entry.origin.project,
  }));
  console.table(rows);
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
