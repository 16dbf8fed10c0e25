import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { modelsDir, sha256, writeWhole } from '../runtime/cache.ts';
import { loadManifest, type ModelEntry, modelDraft } from '../runtime/manifest.ts';
import { knownModels, readSelection, writeSelection } from '../runtime/selection.ts';
import { asInManifest } from './as-in-manifest.ts';
import { buildModel } from './convert/build-model.ts';
import { inferEntry } from './infer-entry.ts';

export interface AddOptions {
  readonly dir?: string;
  /** The pinned hash of what is brought; must match where given. */
  readonly sha256?: string;
  /** Describes a model that the manifest does not know: an entry of the manifest, `sha256` left out. */
  readonly entry?: unknown;
  /** The licence that was read and accepted (SPDX), for a file whose entry is inferred from its graph. */
  readonly licence?: string;
  /** Its id then; default: of the file's name. */
  readonly id?: string;
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
  if (described !== undefined) {
    selection.added = [...selection.added.filter((m) => m.id !== entry.id), entry];
  }
  const active = entry.role !== 'embedder';
  if (active) selection.use[entry.role] = together(entry, selection.use[entry.role] ?? []);
  await writeSelection(dir, selection);
  return { entry, active };
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

/** @throws Error nobody has accepted its licence, or its graph doesn't tell what it is */
function inferred(bytes: Uint8Array, source: string, hash: string, { licence, id }: AddOptions) {
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

function ownEntry(described: unknown, bytes: Uint8Array, hash: string) {
  const draft = modelDraft.safeParse(described);
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
