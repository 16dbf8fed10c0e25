import { setTimeout } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { FrsError } from '@openfrs/contract';
import type { FaceSet, StoredFace } from '@openfrs/core';
import { mapConcurrent } from '../../dynamodb/concurrency.ts';
import type { StoreContext } from '../context.ts';
import { deleteFaces, updateFace } from '../protocol/change.ts';
import { recoverStale } from '../protocol/recovery.ts';
import type { Sets } from '../protocol/sets.ts';
import { faceIdsOf, isCommitted, requireManifest, storedFace } from '../protocol/visibility.ts';
import { checkedFaces } from '../records/damaged-record.ts';
import { type FaceRecord, type FaceWithVector, isTombstone, recordsBetween } from '../records/faces.ts';
import { makeReadOnly, type SetManifest } from '../records/manifest.ts';
import { exportHeader } from './export.ts';
import { writeFace, writeHeader } from './format.ts';
import { importLines } from './import.ts';

/** A face of the set that is reindexed, with the vector that it has. */
export interface FaceToReindex extends StoredFace {
  readonly vector: Float32Array;
}

export interface ReindexOptions {
  /** The embedding that the set's vectors are to be of. */
  readonly model: { readonly id: string; readonly dimension: number };
  /** The face's vector of that embedding, of unit length; undefined: none can be made. Asked once a face in each run. */
  readonly vectorOf: (face: FaceToReindex) => Promise<Float32Array | undefined>;
  /** Faces without such a vector are left out; otherwise the set stays as it is while there are any. */
  readonly leaveOut: boolean;
  /** Faces whose vectors are made at once. */
  readonly parallel: number;
  /** Called before the new faces are searched, with the name under which they lie: brings them into segments. */
  readonly compact: (name: string) => Promise<unknown>;
  readonly progress?: (done: number, faces: number) => void;
}

export interface Reindexed {
  /** Does the set have the vectors of the asked model now? */
  readonly done: boolean;
  readonly faces: number;
  /** Faces of which no vector could be made. */
  readonly missing: readonly StoredFace[];
}

/** The new faces lie under this name beside the set until they take its place; a set's name has 64 letters at most. */
const stagingName = (name: string) => `${name.slice(0, 53)}_reindexing`;

/** Others wrote to the set so often between the last look at it and the change of names. */
const maxRounds = 20;
/** After so many rounds in which others did, nobody may write for the next one, or until this time is over. */
const patientRounds = 2;
const readOnlyMs = 120_000;
/** How often it is looked whether what is in flight has ended. */
const pollMs = 50;
/** Faces removed by one change. */
const removeBatch = 500;

/**
 * Gives a set the vectors of another embedding. It is searched and written to as ever meanwhile; its faces keep their ids. The new
 * vectors are made first, then written to a set beside it, which takes over what is added, changed and deleted since, and at
 * last its name, at one moment; where it is written to all the time, it is read-only for a few seconds before. Cut off, it begins anew, but for the vectors that `vectorOf` has kept.
 * @throws FrsError FRS.0302 no such set
 * @throws Error an import to the set is unfinished, or another set has the name of the set beside it
 */
export async function reindexSet(
  store: StoreContext,
  sets: Sets,
  projectId: string,
  name: string,
  options: ReindexOptions,
): Promise<Reindexed> {
  const { model } = options;
  const vectors = new Map<string, Float32Array | undefined>();
  const staging = stagingName(name);
  for (let round = 0; round < maxRounds; round += 1) {
    const set = await sets.get(projectId, name);
    if (set.model === model.id) return { done: true, faces: set.faceNumber, missing: [] };
    if (round >= patientRounds) await makeReadOnly(store.table, set.id, store.now() + readOnlyMs);
    const manifest = await quietManifest(store, set, round >= patientRounds);
    if (round === 0) await removeStaging(store, sets, set, manifest, staging);
    const missing = await makeVectors(store, set, manifest, vectors, options);
    if (missing.length > 0 && !options.leaveOut) {
      return { done: false, faces: set.faceNumber - missing.length, missing };
    }
    const lines = () => newLines(store, set, manifest, model, vectors);
    // It is gone again soon: the project's quota is not for it.
    const how = { name: staging, maxSets: Number.MAX_SAFE_INTEGER };
    const { set: copy } = await importLines(store, sets, projectId, lines, how);
    if (round > 0) await takeOverChanges(store, set, copy);
    await options.compact(staging);
    if (await sets.replace(set, await sets.get(projectId, staging), manifest)) {
      return { done: true, faces: (await sets.get(projectId, name)).faceNumber, missing };
    }
  }
  throw new Error(`The face set ${name} is written to all the time: run this again at a quieter hour.`);
}

/**
 * The set's manifest without operations in doubt.
 * @param wait for all that are in flight
 * @throws Error an import is unfinished
 */
async function quietManifest(store: StoreContext, set: FaceSet, wait: boolean): Promise<SetManifest> {
  const first = await requireManifest(store, set.id);
  const manifest = (await recoverStale(store, first)) === 0 ? first : await requireManifest(store, set.id);
  if ([...manifest.inFlight.values()].some(({ kind }) => kind === 'import')) {
    throw new Error(
      `An import to the face set ${set.name} is unfinished: repeat it, or give it up with openfrs abandon-imports.`,
    );
  }
  if (!wait || manifest.inFlight.size === 0) return manifest;
  await setTimeout(pollMs);
  return quietManifest(store, set, wait);
}

/** What an earlier run left. @throws Error the set of that name is another's */
async function removeStaging(
  store: StoreContext,
  sets: Sets,
  { projectId }: FaceSet,
  { idKey }: SetManifest,
  name: string,
): Promise<void> {
  try {
    const left = await sets.get(projectId, name);
    const own = await requireManifest(store, left.id);
    if (Buffer.compare(own.idKey, idKey) !== 0) {
      throw new Error(
        `There is a face set ${name}, which this would be called while it runs: rename it first.`,
      );
    }
    await sets.remove(projectId, name);
  } catch (error) {
    if (!(error instanceof FrsError && error.code === 'FRS.0302')) throw error;
  }
}

/** Asks for the vectors that aren't there yet. @returns the faces that have none */
async function makeVectors(
  store: StoreContext,
  set: FaceSet,
  manifest: SetManifest,
  vectors: Map<string, Float32Array | undefined>,
  { vectorOf, parallel, progress }: ReindexOptions,
): Promise<StoredFace[]> {
  const missing: StoredFace[] = [];
  const ids = faceIdsOf(store, manifest);
  let done = 0;
  for await (const page of committedFaces(store, set, manifest)) {
    await mapConcurrent(page, parallel, async (record) => {
      const face = storedFace(ids, record);
      const { faceId } = face;
      if (!vectors.has(faceId)) vectors.set(faceId, await vectorOf({ ...face, vector: record.vector }));
      if (vectors.get(faceId) === undefined) missing.push(face);
      done += 1;
      progress?.(done, manifest.used);
    });
  }
  return missing;
}

/** The set's export with the new vectors. */
async function* newLines(
  store: StoreContext,
  set: FaceSet,
  manifest: SetManifest,
  { id: model, dimension }: ReindexOptions['model'],
  vectors: ReadonlyMap<string, Float32Array | undefined>,
): AsyncGenerator<string> {
  yield writeHeader(exportHeader({ ...set, model, dimension }, manifest)).trimEnd();
  const ids = faceIdsOf(store, manifest);
  for await (const page of committedFaces(store, set, manifest)) {
    for (const face of page) {
      const faceId = ids.idOf(face.number);
      const vector = vectors.get(faceId);
      if (vector !== undefined) yield writeFace({ ...face, faceId, vector }).trimEnd();
    }
  }
}

/** What was deleted or changed in the set since its faces were copied is so in the copy, too. */
async function takeOverChanges(store: StoreContext, set: FaceSet, copy: FaceSet): Promise<void> {
  const own = await committedRecords(store, set);
  const copied = await committedRecords(store, copy);
  const { manifest } = copied;
  const ids = faceIdsOf(store, manifest);
  const gone: FaceRecord[] = [];
  for (const [number, face] of copied.faces) {
    const now = own.faces.get(number);
    if (now === undefined) gone.push(face);
    else if (face.externalImageId !== now.externalImageId || !isDeepStrictEqual(face.fields, now.fields)) {
      const { externalImageId, fields } = now;
      await updateFace(store, copy, ids.idOf(number), { externalImageId, fields });
    }
  }
  for (let at = 0; at < gone.length; at += removeBatch) {
    await deleteFaces(store, copy, gone.slice(at, at + removeBatch));
  }
}

async function committedRecords(
  store: StoreContext,
  set: FaceSet,
): Promise<{ readonly manifest: SetManifest; readonly faces: ReadonlyMap<number, FaceRecord> }> {
  const manifest = await requireManifest(store, set.id);
  const faces = new Map<number, FaceRecord>();
  for await (const page of recordsBetween(store.table, set.id, 0, manifest.next, set.fields)) {
    for (const face of page) {
      if (!isTombstone(face) && isCommitted(manifest, face.number)) faces.set(face.number, face);
    }
  }
  return { manifest, faces };
}

async function* committedFaces(
  store: StoreContext,
  set: FaceSet,
  manifest: SetManifest,
): AsyncGenerator<FaceWithVector[]> {
  const shape = { setId: set.id, dimension: set.dimension, fields: set.fields };
  const damaged = (error: Error) => {
    throw error;
  };
  for await (const page of checkedFaces(store.table, shape, 0, manifest.next, damaged)) {
    yield page.flatMap((face) => (isTombstone(face) || !isCommitted(manifest, face.number) ? [] : [face]));
  }
}
