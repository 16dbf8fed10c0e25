import { join } from 'node:path';
import { isModelThere, type ModelState, modelState, modelsDir } from './cache.ts';
import { loadManifest, type ModelEntry, type ModelRole } from './manifest.ts';
import { activeModels, knownModels, readSelection, writeSelection } from './selection.ts';

export interface LibraryOptions {
  /** Where the models lie; `modelsDir()` by default. */
  readonly dir?: string;
}

export interface ListedModel {
  readonly entry: ModelEntry;
  readonly state: ModelState;
  /** Used for its role; the first of a role's models is preferred. */
  readonly active: boolean;
}

/** Every model known: the manifest's and the operator's own. */
export async function listModels({ dir = modelsDir() }: LibraryOptions = {}): Promise<ListedModel[]> {
  const selection = await readSelection(dir);
  const active = new Set([...activeModels(selection).values()].flat().map((m) => m.id));
  return Promise.all(
    knownModels(selection).map(async (entry) => ({
      entry,
      state: await modelState(entry, dir),
      active: active.has(entry.id),
    })),
  );
}

export interface UsableModel {
  readonly entry: ModelEntry;
  /** The ONNX file, which is there. */
  readonly path: string;
  /** Holds the file against its entry's sha256. @throws Error one clear sentence where it is missing or damaged */
  verify(): Promise<void>;
}

/**
 * The models in use by role, most preferred first. Each is verified by who opens it: the hashes of all (36 MB) take a tenth of
 * a second, and an operation runs a few. Builds nothing. @throws Error one clear sentence where a file is missing
 */
export async function openModels({
  dir = modelsDir(),
}: LibraryOptions = {}): Promise<Map<ModelRole, UsableModel[]>> {
  const roles = [...activeModels(await readSelection(dir))];
  return new Map(
    await Promise.all(
      roles.map(async ([role, entries]) => {
        const usable = entries.map((entry) => present(entry, dir));
        return [role, await Promise.all(usable)] as const;
      }),
    ),
  );
}

/** The embedder in use, by its manifest entry; its file is not looked at. @throws Error models.json is damaged */
export async function activeEmbedder(dir: string): Promise<ModelEntry | undefined> {
  return activeModels(await readSelection(dir)).get('embedder')?.[0];
}

/** One model, its file verified. @throws Error one clear sentence where there is no such model, or its file is missing or damaged */
export async function modelFile(
  id: string,
  { dir = modelsDir() }: LibraryOptions = {},
): Promise<UsableModel> {
  const entry = knownModels(await readSelection(dir)).find((m) => m.id === id);
  if (!entry) throw new Error(`There is no model ${id}; \`openfrs models list\` shows those there are.`);
  const model = await present(entry, dir);
  await model.verify();
  return model;
}

/** What is wrong with the models in use: nothing, when all is well. */
export async function verifyModels(options: LibraryOptions = {}): Promise<ListedModel[]> {
  return (await listModels(options)).filter((m) => m.active && m.state !== 'ok');
}

/** Puts a set of the manifest (`npm`, `better`, …), or one model for its role, into use. */
export async function useModels(
  name: string,
  { dir = modelsDir() }: LibraryOptions = {},
): Promise<ListedModel[]> {
  const selection = await readSelection(dir);
  const { sets } = loadManifest();
  const known = knownModels(selection);
  const one = known.find((m) => m.id === name);
  if (name === 'npm') selection.use = {};
  else if (sets[name]) Object.assign(selection.use, sets[name]);
  else if (one) selection.use[one.role] = [name];
  else throw new Error(`There is no model or set ${name}; sets are ${Object.keys(sets).join(', ')}.`);
  const chosen = (sets[name] ? Object.values(sets[name]).flat() : [name]).map(
    (id) => known.find((m) => m.id === id)!,
  );
  for (const entry of chosen) {
    if (entry.embedder && entry.embedder.cosineAtFar1e4 === undefined) {
      throw new Error(
        `${entry.id} has no calibration yet: \`openfrs models eval ${entry.id} --identities DIR --write\` measures it.`,
      );
    }
    // What the npm registry has is built when it is needed; the rest must be here.
    if (entry.origin.from === 'file') await verify(entry, dir);
  }
  await writeSelection(dir, selection);
  return (await listModels({ dir })).filter((m) => m.active);
}

async function present(entry: ModelEntry, dir: string): Promise<UsableModel> {
  const path = join(dir, entry.file);
  if (!(await isModelThere(entry, dir))) throw unusable(entry, path, 'missing');
  return { entry, path, verify: () => verify(entry, dir) };
}

async function verify(entry: ModelEntry, dir: string): Promise<void> {
  const state = await modelState(entry, dir);
  if (state !== 'ok') throw unusable(entry, join(dir, entry.file), state);
}

function unusable({ origin }: ModelEntry, path: string, state: ModelState): Error {
  const remedy = origin.from === 'npm' ? '`npm run models` builds it' : '`openfrs models add` brings it';
  return new Error(`The model file ${path} is ${state}: ${remedy}.`);
}
