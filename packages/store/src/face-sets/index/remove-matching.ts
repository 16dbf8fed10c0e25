import type { Filter } from '@openfrs/contract';
import { runInSlices, type Steps } from '@openfrs/contract/steps';
import type { FaceSet } from '@openfrs/core';
import { chunk } from '../../dynamodb/concurrency.ts';
import type { StoreContext } from '../context.ts';
import { deleteFaces } from '../protocol/change.ts';
import { faceIdsOf, isCommitted, requireManifest } from '../protocol/visibility.ts';
import { changeMaxFaces } from '../records/change-log.ts';
import type { FaceIds } from '../records/face-ids.ts';
import {
  type FaceRecord,
  type FaceVersion,
  firstVersion,
  isTombstone,
  readFaces,
  type Tombstone,
} from '../records/faces.ts';
import { matches } from '../records/filter-match.ts';
import { forget } from './catch-up.ts';
import type { IndexCache } from './index-cache.ts';
import type { LoadedIndex } from './loaded-index.ts';

/** Faces that change between being found and being deleted are looked at again so often. */
const maxAttempts = 20;

/**
 * Deletes every face that matches and that was there when the call began; returns how many. Each is judged by its record
 * and deleted only if that hasn't changed. Of a set whose faces were never updated the index holds what their records do: many are deleted
 * without being read.
 * @throws FrsError FRS.0302
 */
export async function removeMatching(
  store: StoreContext,
  cache: IndexCache,
  set: FaceSet,
  filter: Filter,
): Promise<number> {
  let removed = 0;
  const { numbers, loaded } = await candidates(store, cache, set, filter);
  for (const batch of chunk(numbers, changeMaxFaces)) {
    let left: readonly number[] = batch;
    // Fewer are one read.
    if (
      batch.length >= store.limits.transactionFaces &&
      (await requireManifest(store, set.id)).updates === 0
    ) {
      const deleted = await deleteFaces(store, set, batch.map(neverChanged));
      removed += deleted.size;
      left = batch.filter((number) => !deleted.has(number));
      if (loaded !== undefined) await forget(loaded, deleted);
    }
    removed += await removeJudged(store, set, filter, left);
  }
  return removed;
}

const neverChanged = (number: number): FaceVersion => ({ number, version: firstVersion });

/** Deletes those that match by their records; returns how many. */
async function removeJudged(
  store: StoreContext,
  set: FaceSet,
  filter: Filter,
  numbers: readonly number[],
): Promise<number> {
  let removed = 0;
  let left = numbers;
  for (let attempt = 0; left.length > 0; attempt++) {
    if (attempt === maxAttempts) throw new Error(`Faces of set ${set.id} change too fast to be deleted.`);
    const faces = await matching(store, set, left, filter);
    if (faces.length === 0) break;
    const deleted = await deleteFaces(store, set, faces);
    removed += deleted.size;
    left = faces.map((face) => face.number).filter((number) => !deleted.has(number));
  }
  return removed;
}

/** The numbers of faces that may match, and the index that knows them: one face id is found without. */
async function candidates(
  store: StoreContext,
  cache: IndexCache,
  set: FaceSet,
  filter: Filter,
): Promise<{ readonly numbers: readonly number[]; readonly loaded?: LoadedIndex }> {
  if (filter.kind !== 'equals' || filter.field !== 'face_id') {
    return cache.use(set, ['columns'], async (loaded) => ({
      numbers: await loaded.index.match(filter),
      loaded,
    }));
  }
  const manifest = await requireManifest(store, set.id);
  const number = faceIdsOf(store, manifest).numberOf(String(filter.value));
  return { numbers: number === undefined || !isCommitted(manifest, number) ? [] : [number] };
}

async function matching(
  store: StoreContext,
  set: FaceSet,
  numbers: readonly number[],
  filter: Filter,
): Promise<FaceRecord[]> {
  const ids = faceIdsOf(store, await requireManifest(store, set.id));
  const faces = await readFaces(store.table, set.id, numbers, set.fields);
  return runInSlices(judge(filter, [...faces.values()], ids));
}

/** Those that match. A filter may have thousands of conditions, so each face is a step. */
function* judge(
  filter: Filter,
  faces: readonly (FaceRecord | Tombstone)[],
  ids: FaceIds,
): Steps<FaceRecord[]> {
  const found: FaceRecord[] = [];
  for (const face of faces) {
    if (isTombstone(face)) continue;
    if (matches(filter, { ...face, faceId: ids.idOf(face.number) })) found.push(face);
    yield;
  }
  return found;
}
