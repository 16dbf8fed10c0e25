import { setTimeout } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { FrsError } from '@openfrs/contract';
import type { FaceSet, StoredFace } from '@openfrs/core';
import { mapConcurrent } from '../../dynamodb/concurrency.ts';
import type { StoreContext } from '../context.ts';
import { deleteFaces, updateFace } from '../protocol/change.ts';
import { recoverStale } from '../protocol/recovery.ts';
import type { Sets } from '../protocol/sets.ts';
import { removeStaged } from '../protocol/staging.ts';
import { faceIdsOf, isCommitted, requireManifest, storedFace } from '../protocol/visibility.ts';
import { checkedFaces } from '../records/damaged-record.ts';
import { type FaceRecord, type FaceWithVector, isTombstone, recordsBetween } from '../records/faces.ts';
import { faceNumber, type SetManifest } from '../records/manifest.ts';
import { isStagingName, stagingName } from '../records/staging-name.ts';
import { appendFaces } from './append-faces.ts';
import { holdReindexLease, type ReindexLease } from './hold-reindex-lease.ts';

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

/** Others wrote to the set so often between the last look at it and the change of names. */
const maxRounds = 20;
/** After so many rounds in which others did, nobody may begin to write until the run is over. */
const patientRounds = 2;
/** How often it is looked whether what is in flight has ended. */
const pollMs = 50;
/** Faces removed by one change. */
const removeBatch = 500;

/**
 * Gives a set the vectors of another embedding. It is searched and written to as ever meanwhile; its faces keep their ids. The new
 * vectors are made first, then written to a copy that nobody else sees. The copy takes over what is added, changed and deleted
 * since, and at last the set's name, at one moment; where the set is written to all the time, it is read-only for the last
 * round. Cut off, it begins anew, but for the vectors that `vectorOf` has kept.
 * @throws FrsError FRS.0302 no such set
 * @throws Error an import to the set is unfinished, or another run reindexes it
 */
export async function reindexSet(
  store: StoreContext,
  sets: Sets,
  projectId: string,
  name: string,
  options: ReindexOptions,
): Promise<Reindexed> {
  if (isStagingName(name)) throw new FrsError('FRS.0302');
  const set = await sets.get(projectId, name);
  if (set.model === options.model.id) return { done: true, faces: set.faceNumber, missing: [] };
  const lease = await holdReindexLease(store, set);
  try {
    await removeStaged(store, projectId, set.id);
    return await copyAndReplace(store, sets, set, lease, options);
  } finally {
    // Without the lease no request of this run can replace the set any more, however late: what wasn't used by now may go.
    await lease.end();
    await removeStaged(store, projectId, set.id);
  }
}

async function copyAndReplace(
  store: StoreContext,
  sets: Sets,
  set: FaceSet,
  lease: ReindexLease,
  options: ReindexOptions,
): Promise<Reindexed> {
  const { projectId, capacity, fields } = set;
  const { id: model, dimension } = options.model;
  const vectors = new Map<string, Float32Array | undefined>();
  let copy: FaceSet | undefined;
  for (let round = 0; round < maxRounds; round += 1) {
    const readOnly = round >= patientRounds;
    await lease.renew(readOnly);
    const seen = await quietManifest(store, set, readOnly);
    const missing = await makeVectors(store, set, seen, vectors, options);
    if (missing.length > 0 && !options.leaveOut) {
      return { done: false, faces: faceNumber(seen) - missing.length, missing };
    }
    if (copy === undefined) {
      const spec = { name: stagingName(set.id, lease.run), capacity, fields, model, dimension };
      copy = await sets.create(projectId, spec, Number.MAX_SAFE_INTEGER, seen.idKey);
    }
    await takeOverChanges(store, set, copy);
    await copyFaces(store, set, seen, copy, vectors);
    await options.compact(copy.name);
    if (await sets.replace(set, copy, seen, lease.run)) {
      return { done: true, faces: (await sets.get(projectId, set.name)).faceNumber, missing };
    }
  }
  throw new Error(`The face set ${set.name} is written to all the time: run this again at a quieter hour.`);
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

/**
 * Copies the faces that the copy doesn't have yet, under their numbers, with their new vectors. It stops before the first number in
 * flight: one that is left out now could not be copied later.
 */
async function copyFaces(
  store: StoreContext,
  set: FaceSet,
  seen: SetManifest,
  copy: FaceSet,
  vectors: ReadonlyMap<string, Float32Array | undefined>,
): Promise<void> {
  const ids = faceIdsOf(store, seen);
  const to = firstInFlight(seen);
  let { next } = await requireManifest(store, copy.id);
  for await (const page of committedFaces(store, set, seen, next, to)) {
    const faces = page.flatMap((face) => {
      const vector = vectors.get(ids.idOf(face.number));
      return vector === undefined ? [] : [{ ...face, vector }];
    });
    const last = faces.at(-1);
    if (last === undefined) continue;
    await appendFaces(store, copy, faces, next, last.number + 1);
    next = last.number + 1;
  }
  // The numbers of faces that are deleted by now are never given again, either.
  if (next < to) await appendFaces(store, copy, [], next, to);
}

/** Below it, all numbers are decided for good. */
function firstInFlight({ next, inFlight }: SetManifest): number {
  return Math.min(next, ...[...inFlight.values()].map((op) => (op.kind === 'change' ? next : op.from)));
}

/**
 * What was deleted or changed in the set since its faces were copied is so in the copy, too. Before the next are copied: a photo that
 * was deleted and added again is another face.
 */
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
  from = 0,
  to = manifest.next,
): AsyncGenerator<FaceWithVector[]> {
  const shape = { setId: set.id, dimension: set.dimension, fields: set.fields };
  const damaged = (error: Error) => {
    throw error;
  };
  for await (const page of checkedFaces(store.table, shape, from, to, damaged, { withCrops: true })) {
    yield page.flatMap((face) => (isTombstone(face) || !isCommitted(manifest, face.number) ? [] : [face]));
  }
}
