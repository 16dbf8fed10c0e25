import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { modelsDir, sha256, writeWhole } from '../runtime/cache.ts';
import { loadManifest, type ModelEntry, type PublishedEmbedder } from '../runtime/manifest.ts';
import { readSelection, writeSelection } from '../runtime/selection.ts';
import { knownOnnx, loadBytes, ownEntry, putAdded } from './add.ts';
import { publishedEntry } from './infer-entry.ts';

export interface AddSetOptions {
  readonly dir?: string;
  /** A folder, or an https address, with the files under the names that the manifest gives them; in a folder any name does. */
  readonly from: string;
  /** Embedders that are known by their bytes; default: the manifest's. */
  readonly published?: readonly PublishedEmbedder[];
}

export interface AddedSet {
  /** In use from now on. */
  readonly models: readonly ModelEntry[];
  /** Brought, and not in use: each has to be calibrated on the operator's photos first. */
  readonly embedders: readonly ModelEntry[];
  /** The embedders of the set that were not there, and why. */
  readonly absent: readonly { readonly id: string; readonly reason: string }[];
}

/** The models of a set of the manifest that don't come from npm: what `addSet` brings. @throws Error there is no such set */
export function publishedModels(set: string): ModelEntry[] {
  const { sets, models } = loadManifest();
  const roles = sets[set];
  if (roles === undefined)
    throw new Error(`There is no set ${set}; sets are ${Object.keys(sets).join(', ')}.`);
  return Object.values(roles)
    .flat()
    .flatMap((id) => models.filter((model) => model.id === id && model.origin.from === 'file'));
}

/** The embedders that a set is brought with, where they are there. */
export function publishedEmbedders(
  set: string,
  published: readonly PublishedEmbedder[] = loadManifest().published,
): PublishedEmbedder[] {
  return published.filter(({ sets }) => sets.includes(set));
}

/**
 * Brings all models of a set and puts the set into use, or does nothing: every file is checked against its pinned sha256, and
 * what is made of it against the manifest's, before the first is written. An embedder of the set may be missing: none is put into use.
 * @throws Error a file that is missing or isn't the pinned one
 */
export async function addSet(
  set: string,
  { from, dir = modelsDir(), published }: AddSetOptions,
): Promise<AddedSet> {
  const selection = await readSelection(dir);
  const entries = publishedModels(set);
  const find = await sourceOf(from);
  const built = await Promise.all(
    entries.map(async (entry) => ({ entry, onnx: knownOnnx(entry, await find(entry)) })),
  );
  const absent: { id: string; reason: string }[] = [];
  const own: ReturnType<typeof ownEntry>[] = [];
  for (const embedder of publishedEmbedders(set, published)) {
    try {
      const taken = selection.added.find(({ id }) => id === embedder.id);
      if (taken && pinned(taken).sha256 !== embedder.origin.sha256)
        throw new Error(`another model that you added is called ${embedder.id}.`);
      const bytes = await find(embedder);
      own.push(ownEntry(publishedEntry(embedder, bytes), bytes, embedder.origin.sha256));
    } catch (error) {
      absent.push({ id: embedder.id, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  for (const { entry, onnx } of [...built, ...own]) await writeWhole(dir, entry.file, onnx);
  const embedders = own.map(({ entry }) => putAdded(selection, entry));
  Object.assign(selection.use, loadManifest().sets[set]);
  await writeSelection(dir, selection);
  return { models: entries, embedders, absent };
}

type Pinned = Pick<ModelEntry, 'id' | 'origin'>;
type Find = (entry: Pinned) => Promise<Uint8Array>;

async function sourceOf(from: string): Promise<Find> {
  if (from.startsWith('https://')) {
    return async (entry) => {
      const source = `${from.replace(/\/$/, '')}/${pinned(entry).file}`;
      const bytes = await loadBytes(source);
      const hash = sha256(bytes);
      if (hash === pinned(entry).sha256) return bytes;
      throw new Error(`${source} is not the file that was pinned: its sha256 is ${hash}.`);
    };
  }
  const byHash = await filesByHash(from);
  return async (entry) => {
    const path = byHash.get(pinned(entry).sha256);
    if (path !== undefined) return readFile(path);
    const { project, file, sha256: hash } = pinned(entry);
    throw new Error(
      `${from} has no file with the sha256 ${hash}, which ${entry.id} is (${file}, made of ${project}).`,
    );
  };
}

function pinned({ id, origin }: Pinned) {
  if (origin.from !== 'file') throw new Error(`${id} comes from npm.`);
  return origin;
}

async function filesByHash(folder: string): Promise<Map<string, string>> {
  const found = await stat(folder).catch(() => undefined);
  if (!found?.isDirectory()) throw new Error(`${folder} is no folder and no https address.`);
  const names = (await readdir(folder)).filter((name) => name.endsWith('.onnx'));
  const hashed = names.map(async (name) => {
    const path = join(folder, name);
    return [sha256(await readFile(path)), path] as const;
  });
  return new Map(await Promise.all(hashed));
}
