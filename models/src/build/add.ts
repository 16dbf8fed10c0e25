import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { modelsDir, sha256, writeWhole } from '../runtime/cache.ts';
import { loadManifest, type ModelEntry, type PublishedEmbedder } from '../runtime/manifest.ts';
import { manifestSchemas } from '../runtime/manifest-schema.ts';
import { knownModels, readSelection, type Selection, writeSelection } from '../runtime/selection.ts';
import { asInManifest } from './as-in-manifest.ts';
import { buildModel } from './convert/build-model.ts';
import { inferEntry, publishedEntry } from './infer-entry.ts';

export interface AddOptions {
  readonly dir?: string;
  /** The pinned hash of what is brought; must match where given. */
  readonly sha256?: string;
  /** Describes a model that the manifest does not know: an entry of the manifest, `sha256` left out. */
  readonly entry?: unknown;
  /** The licence that was read and accepted (SPDX), for a file whose entry is inferred from its graph. */
  readonly licence?: string;
  /** Its id then; default: the manifest's, or of the file's name. */
  readonly id?: string;
  /** Embedders that are known by their bytes; default: the manifest's. */
  readonly published?: readonly PublishedEmbedder[];
}

export interface AddedModel {
  readonly entry: ModelEntry;
  /** Whether it is in use now: detectors and anti-spoof models are, embedders wait for `useModels`. */
  readonly active: boolean;
}

const MAX_BYTES = 512 * 1024 * 1024;

/**
 * Brings a model from a file or an https address. Its bytes are known by their sha256 to the manifest, or come
 * with an entry of their own. The file is converted to take pixels as all our models do and put in place.
 */
export async function addModel(source: string, options: AddOptions = {}): Promise<AddedModel> {
  const dir = options.dir ?? modelsDir();
  const bytes = await loadBytes(source);
  const hash = sha256(bytes);
  if (options.sha256 && options.sha256.toLowerCase() !== hash) {
    throw new Error(`${source} is not the file that was pinned: its sha256 is ${hash}.`);
  }
  const selection = await readSelection(dir);
  const known = knownModels(selection).find((m) => m.origin.from === 'file' && m.origin.sha256 === hash);
  const described =
    options.entry ?? (known === undefined ? inferred(bytes, source, hash, options) : undefined);
  const { entry, onnx } =
    described === undefined && known !== undefined
      ? { entry: known, onnx: knownOnnx(known, bytes) }
      : ownEntry(described, bytes, hash);
  await writeWhole(dir, entry.file, onnx);
  const kept = described === undefined ? entry : putAdded(selection, entry);
  const active = entry.role !== 'embedder';
  if (active) selection.use[entry.role] = together(entry, selection.use[entry.role] ?? []);
  await writeSelection(dir, selection);
  return { entry: kept, active };
}

/** Models of one set serve their role together; any other model replaces those before it. */
function together(entry: ModelEntry, inUse: readonly string[]): string[] {
  const sets = Object.values(loadManifest().sets).flatMap((roles) => {
    const partners = roles[entry.role] ?? [];
    return partners.includes(entry.id) ? [partners] : [];
  });
  const staying = sets.map((partners) => partners.filter((id) => id === entry.id || inUse.includes(id)));
  return staying.reduce((most, some) => (some.length > most.length ? some : most), [entry.id]);
}

/** Among the operator's own models, instead of the one that had its id. The same file keeps its calibration. */
export function putAdded(selection: Selection, entry: ModelEntry): ModelEntry {
  const before = selection.added.find(({ id }) => id === entry.id);
  const isSame = before?.sha256 === entry.sha256 && entry.embedder?.calibration === undefined;
  const kept = isSame && before.embedder ? { ...entry, embedder: before.embedder } : entry;
  selection.added = [...selection.added.filter(({ id }) => id !== entry.id), kept];
  return kept;
}

/** @throws Error nobody has accepted its licence, or its graph doesn't tell what it is */
function inferred(bytes: Uint8Array, source: string, hash: string, options: AddOptions) {
  const { licence, id, published = loadManifest().published } = options;
  const known = published.find(({ origin }) => origin.sha256 === hash);
  if (known !== undefined) {
    const { spdx, training } = known.licence;
    if (licence === spdx) return publishedEntry({ ...known, id: id ?? known.id }, bytes);
    throw new Error(
      `${source} is ${known.id} of ${known.origin.project}, licence ${spdx}. Trained on: ${training} Accept it with --licence ${spdx}.`,
    );
  }
  if (licence === undefined) {
    throw new Error(
      `${source} is no model we know (sha256 ${hash}): read its licence where it is published and accept it with --licence SPDX, or describe it with a manifest entry of your own.`,
    );
  }
  const file = basename(source);
  return inferEntry(bytes, { id: id ?? idOf(file), file, sha256: hash, licence });
}

/** Letters and digits in small, the rest as `-`. */
function idOf(file: string): string {
  const name = file.replace(/\.[^.]*$/, '').toLowerCase();
  return name
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
}

/** The file that is made of a model's original. @throws Error it isn't the manifest's */
export function knownOnnx(entry: ModelEntry, bytes: Uint8Array): Uint8Array {
  return asInManifest(entry, buildModel(entry, [bytes]), 'converted');
}

/**
 * The entry of a model of one's own, and the file that is made of it.
 * @throws Error it is described wrongly, or takes an id of the manifest
 */
export function ownEntry(described: unknown, bytes: Uint8Array, hash: string) {
  const draft = manifestSchemas().modelDraft.safeParse(described);
  if (!draft.success)
    throw new Error(
      `The model's entry is not right: ${draft.error.issues[0]?.path.join('.')}: ${draft.error.issues[0]?.message}.`,
    );
  const { id, file, origin } = draft.data;
  if (loadManifest().models.some((m) => m.id === id)) {
    throw new Error(`The id ${id} is taken by a model of the manifest.`);
  }
  if (file !== `${id}.onnx`) throw new Error(`The model's entry is not right: file must be ${id}.onnx.`);
  if (origin.from !== 'file' || origin.sha256 !== hash) {
    throw new Error(`The model's entry must say origin.from "file" and origin.sha256 ${hash}.`);
  }
  const onnx = buildModel({ ...draft.data, sha256: hash }, [bytes]);
  return { entry: { ...draft.data, sha256: sha256(onnx) }, onnx };
}

/** @throws Error not a file or an https address, not there, or larger than 512 MiB */
export async function loadBytes(source: string): Promise<Uint8Array> {
  if (!source.startsWith('https://')) {
    if (/^[a-z]+:\/\//i.test(source)) throw new Error('Only files and https addresses can be added.');
    return readFile(source);
  }
  const response = await fetch(source);
  if (!response.ok || !response.body) throw new Error(`${source} answered ${response.status}.`);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.byteLength;
    if (size > MAX_BYTES) throw new Error(`${source} is larger than ${MAX_BYTES} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
