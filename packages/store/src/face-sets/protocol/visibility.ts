import type { FieldSchema } from '@openfrs/contract';
import { FrsError } from '@openfrs/contract';
import { type FaceSet, FaceSetReplaced, type StoredFace } from '@openfrs/core';
import type { RecordContext } from '../context.ts';
import { type FaceIds, faceIds } from '../records/face-ids.ts';
import type { FaceRecord } from '../records/faces.ts';
import { isTombstone, readFaces } from '../records/faces.ts';
import { readManifest, type SetManifest } from '../records/manifest.ts';
import { type ManifestSnapshot, takeSnapshot } from '../records/snapshot.ts';

/** The set's manifest. @throws FrsError FRS.0302 */
export async function requireManifest(store: RecordContext, setId: string): Promise<SetManifest> {
  return (await requireSnapshot(store, setId)).manifest;
}

/** The same, with when it was read. @throws FrsError FRS.0302 */
export async function requireSnapshot(store: RecordContext, setId: string): Promise<ManifestSnapshot> {
  const snapshot = await takeSnapshot(store, setId);
  if (snapshot === undefined) throw goneError(await readManifest(store.table, setId));
  return snapshot;
}

/** @throws FrsError FRS.0302 the set is gone, FRS.0033 it is read-only for a while */
export function assertWritable(
  store: RecordContext,
  manifest: SetManifest | undefined,
): asserts manifest is SetManifest {
  if (manifest === undefined || manifest.goneAt !== undefined) throw goneError(manifest);
  if (manifest.readOnlyUntil < store.now()) return;
  throw new FrsError('FRS.0033', 'The face set is being reindexed: repeat the request.', {
    retryAfterSeconds: readOnlyRetrySeconds,
  });
}

/** A set is read-only for seconds. */
const readOnlyRetrySeconds = 5;

/** Why a set that was looked up doesn't exist any more: it is removed, or another has its name. */
export function goneError(manifest: SetManifest | undefined): FrsError {
  return manifest?.replacedBy === undefined ? new FrsError('FRS.0302') : new FaceSetReplaced();
}

/** Is a face number committed: below the last reserved one and not in an add or import in flight? */
export function isCommitted(manifest: SetManifest, number: number): boolean {
  if (number >= manifest.next) return false;
  for (const op of manifest.inFlight.values()) {
    if (op.kind !== 'change' && number >= op.from && number < op.from + op.count) return false;
  }
  return true;
}

/** The face ids of a set. */
export function faceIdsOf(store: RecordContext, { setId, idKey }: SetManifest): FaceIds {
  const known = store.faceIds.get(setId);
  if (known !== undefined) return known;
  const ids = faceIds(idKey);
  store.faceIds.set(setId, ids);
  return ids;
}

export function storedFace(ids: FaceIds, face: FaceRecord): StoredFace {
  const { number, box, externalImageId, fields } = face;
  return { faceId: ids.idOf(number), box, externalImageId, fields };
}

/** New faces under the numbers that they got. */
export function storedFaces(
  store: RecordContext,
  manifest: SetManifest,
  from: number,
  faces: readonly Pick<StoredFace, 'box' | 'externalImageId' | 'fields'>[],
): StoredFace[] {
  const ids = faceIdsOf(store, manifest);
  return faces.map(({ box, externalImageId, fields }, i) => ({
    faceId: ids.idOf(from + i),
    box,
    externalImageId,
    fields,
  }));
}

/** The record of a face that is visible to its set's readers. @throws FrsError FRS.0403, FRS.0302 */
export async function requireFace(
  store: RecordContext,
  set: FaceSet,
  faceId: string,
): Promise<{ readonly manifest: SetManifest; readonly face: FaceRecord }> {
  const manifest = await requireManifest(store, set.id);
  const number = faceIdsOf(store, manifest).numberOf(faceId);
  if (number === undefined || !isCommitted(manifest, number)) throw new FrsError('FRS.0403');
  const face = await readFace(store, set.id, number, set.fields);
  if (face === undefined) throw new FrsError('FRS.0403');
  return { manifest, face };
}

/** The living face of a number. */
export async function readFace(
  store: RecordContext,
  setId: string,
  number: number,
  schema: FieldSchema,
): Promise<FaceRecord | undefined> {
  const face = (await readFaces(store.table, setId, [number], schema)).get(number);
  return face === undefined || isTombstone(face) ? undefined : face;
}
