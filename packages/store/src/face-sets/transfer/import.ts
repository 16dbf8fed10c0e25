import { createHash } from 'node:crypto';
import { FrsError, fieldType } from '@openfrs/contract';
import type { FaceSet } from '@openfrs/core';
import type { Item } from '../../dynamodb/table.ts';
import type { StoreContext } from '../context.ts';
import { requestCompaction } from '../protocol/request-maintenance.ts';
import type { Sets } from '../protocol/sets.ts';
import { requireManifest } from '../protocol/visibility.ts';
import { faceItem } from '../records/faces.ts';
import { importSkipKey } from '../records/keys.ts';
import { beginImport, endOperation, type InFlight, type SetManifest } from '../records/manifest.ts';
import { FaceMarks } from './face-marks.ts';
import { ExportDamaged, type ExportHeader, readFace, readHeader } from './format.ts';
import { acquireLease, type ImportLease } from './import-lease.ts';
import { Places } from './places.ts';
import { keepSkipped, presentFaces, skippedFaces } from './present-faces.ts';

export interface ImportOptions {
  /** The set to import to; the exported one's name if absent. It is made if it doesn't exist. */
  readonly name?: string;
  /** Face sets that the project may have, for a set that is made. */
  readonly maxSets: number;
  readonly progress?: (done: number, faces: number) => void;
}

export interface Imported {
  readonly set: FaceSet;
  /** Of the file. */
  readonly faces: number;
  /** Of these, added by this import; the others were in the set. */
  readonly added: number;
  /** Was nothing left to do: were all faces in the set, or did an earlier run finish this import? */
  readonly before: boolean;
}

/** Faces written between two checkpoints. */
const batchFaces = 200;

/** What a first pass over the lines found. */
interface ImportPlan {
  /** Names the import by its content: the same file is imported to a set once. */
  readonly id: string;
  readonly header: ExportHeader;
  readonly faces: number;
  /** The last face's number, where all have one, in ascending order. */
  readonly last: number | undefined;
  readonly marks: FaceMarks;
}

type ImportEntry = Extract<InFlight, { kind: 'import' }>;

/**
 * Imports the lines of an export: all faces are seen at once at the end, or none. Faces that the set holds are not added
 * again. Stopped anywhere, it goes on where it was when called again; finished, calling it again does nothing. Face ids are kept where the set is new, or has
 * given no later ones, and the export has its key.
 * @param lines begins a new pass over the lines; two are made
 * @throws ExportDamaged before anything is written
 * @throws FrsError FRS.0306 no room, FRS.0305 no more sets, FRS.0302 the set was removed meanwhile
 */
export async function importLines(
  store: StoreContext,
  sets: Sets,
  projectId: string,
  lines: () => AsyncIterable<string>,
  options: ImportOptions,
): Promise<Imported> {
  const plan = await planImport(lines());
  const { id, faces } = plan;
  const set = await openSet(sets, projectId, plan.header, options);
  const skipped = await facesToSkip(store, set, plan);
  if (faces > 0 && skipped.size === faces) return { set, faces, added: 0, before: true };
  const lease = await acquireLease(store, set.id, id);
  const manifest = await requireManifest(store, set.id);
  if (lease.finished && !manifest.inFlight.has(id)) return { set, faces, added: 0, before: true };
  const entry = await begin(store, set, plan, manifest, skipped);
  if (!lease.finished) {
    const leftOut = await skippedFaces(store, set.id, id, entry.at);
    await writeFaces(store, set, plan, entry, lines(), lease, leftOut, options.progress);
    await lease.finish();
  }
  await endOperation(store.table, set.id, id, 0);
  await store.table.removeMany([importSkipKey(set.id, id, entry.at)]);
  await requestCompaction(store, set, await requireManifest(store, set.id), entry.faces);
  return { set, faces, added: entry.faces, before: false };
}

/** Places of the file's faces that are in the set; of an import in flight they are kept with its entry. */
async function facesToSkip(store: StoreContext, set: FaceSet, plan: ImportPlan): Promise<Places> {
  const manifest = await requireManifest(store, set.id);
  if (manifest.inFlight.has(plan.id) || manifest.next === 0) return new Places();
  return await presentFaces(store, set, manifest, plan.marks, hasIdsOf(plan, manifest));
}

const hasIdsOf = ({ header }: ImportPlan, manifest: SetManifest) =>
  header.idKey !== undefined && Buffer.compare(header.idKey, manifest.idKey) === 0;

async function planImport(lines: AsyncIterable<string>): Promise<ImportPlan> {
  const hash = createHash('sha256');
  let header: ExportHeader | undefined;
  const marks = new FaceMarks();
  let last: number | undefined = -1;
  let at = 0;
  for await (const line of lines) {
    at += 1;
    if (line.trim() === '') continue;
    hash.update(line).update('\n');
    if (header === undefined) {
      header = readHeader(line);
      continue;
    }
    const face = readFace(line, at, header);
    const { number } = face;
    marks.add(face);
    last = last !== undefined && number !== undefined && number > last ? number : undefined;
  }
  if (header === undefined) throw new ExportDamaged('The export is empty.');
  const faces = marks.count;
  const id = hash.digest('base64url').slice(0, 22);
  return { id, header, faces, last: faces === 0 ? undefined : last, marks };
}

async function openSet(
  sets: Sets,
  projectId: string,
  header: ExportHeader,
  options: ImportOptions,
): Promise<FaceSet> {
  const name = options.name ?? header.name;
  const { capacity, fields, model, dimension, idKey } = header;
  const set = await sets.get(projectId, name).catch((error) => {
    if (!(error instanceof FrsError && error.code === 'FRS.0302')) throw error;
    return sets.create(projectId, { name, capacity, fields, model, dimension }, options.maxSets, idKey);
  });
  if (set.model !== model || set.dimension !== dimension) {
    throw new ExportDamaged(
      `The faces are of model ${model}, those of set ${name} of ${set.model}: enrol them again from their photos.`,
    );
  }
  for (const [field, type] of Object.entries(fields)) {
    if (fieldType(set.fields, field) !== type) {
      throw new ExportDamaged(`Set ${name} has no field ${field} of type ${type}.`);
    }
  }
  return set;
}

/** The import's entry among the operations in flight, of an earlier run or new. */
async function begin(
  store: StoreContext,
  set: FaceSet,
  plan: ImportPlan,
  before: SetManifest,
  skipped: Places,
): Promise<ImportEntry> {
  const { id, last } = plan;
  const faces = plan.faces - skipped.size;
  const keeps = keepsNumbers(plan, before, before.next, skipped);
  const count = keeps && last !== undefined ? last + 1 - before.next : faces;
  const entry = { count, faces, at: store.now() };
  if (!before.inFlight.has(id)) await keepSkipped(store, set.id, id, entry.at, skipped);
  const manifest =
    (await beginImport(store.table, set.id, id, entry, set.capacity)) ??
    (await requireManifest(store, set.id));
  const begun = manifest.inFlight.get(id);
  if (begun?.kind !== 'import') throw new FrsError('FRS.0306');
  return begun;
}

/** Faces keep their numbers, and by that their ids, in a set with the same key that has given no number after the first of them. */
function keepsNumbers(plan: ImportPlan, manifest: SetManifest, from: number, skipped: Places): boolean {
  const { marks, last } = plan;
  if (last === undefined || !hasIdsOf(plan, manifest)) return false;
  for (let place = 0; place < marks.count; place += 1) {
    if (!skipped.has(place) && (marks.numberAt(place) ?? -1) < from) return false;
  }
  return true;
}

async function writeFaces(
  store: StoreContext,
  set: FaceSet,
  plan: ImportPlan,
  entry: ImportEntry,
  lines: AsyncIterable<string>,
  lease: ImportLease,
  skipped: Places,
  progress: ImportOptions['progress'],
): Promise<void> {
  const { header, id } = plan;
  const { faces } = entry;
  const keep = keepsNumbers(plan, await requireManifest(store, set.id), entry.from, skipped);
  let at = 0;
  let place = 0;
  let index = 0;
  let batch: Item[] = [];
  const flush = async () => {
    await lease.checkpoint(index - batch.length);
    // The numbers are this import's alone and nobody sees them yet: written twice, they are the same.
    await store.failpoint('import:noted');
    await store.table.putMany(batch, lease.renewIfOld);
    batch = [];
    await store.failpoint('import:batch');
    progress?.(index, faces);
  };
  for await (const line of lines) {
    at += 1;
    if (at === 1 || line.trim() === '') continue;
    place += 1;
    if (skipped.has(place - 1)) continue;
    if (index >= lease.done) {
      const face = readFace(line, at, header);
      batch.push(faceItem(set.id, keep ? (face.number ?? 0) : entry.from + index, id, face));
    }
    index += 1;
    if (batch.length === batchFaces) await flush();
  }
  if (batch.length > 0) await flush();
  if (index !== faces) throw new ExportDamaged('The export changed while it was imported.');
}
