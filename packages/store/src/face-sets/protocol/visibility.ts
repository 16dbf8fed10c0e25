import type { FieldSchema } from '@openfrs/contract';
import { FrsError } from '@openfrs/contract';
import type { FaceSet, StoredFace } from '@openfrs/core';
import { type FaceIds, faceIds } from '../records/face-ids.ts';
import type { FaceRecord } from '../records/faces.ts';
import { isDead, readFaces } from '../records/faces.ts';
import type { Meta } from '../records/manifest.ts';
import { type Reading, takeReading } from '../records/snapshot.ts';
import type { Store } from '../context.ts';

/** The set's item. @throws FrsError FRS.0302 */
export async function livingMeta(store: Store, setId: string): Promise<Meta> {
  return (await readLiving(store, setId)).meta;
}

/** The same, with when it was read. @throws FrsError FRS.0302 */
export async function readLiving(store: Store, setId: string): Promise<Reading> {
  const reading = await takeReading(store.database, setId);
  if (reading === undefined) throw new FrsError('FRS.0302');
  return reading;
}

/** Is a number settled: below the last reserved one and not in an add in flight? */
export function isSettled(meta: Meta, number: number): boolean {
  if (number >= meta.next) return false;
  for (const op of meta.inflight.values()) {
    if (op.kind !== 'change' && number >= op.from && number < op.from + op.count) return false;
  }
  return true;
}

const idMaps = new Map<string, FaceIds>();
const idMapsKept = 1000;

/** The face ids of a set; kept, as a set's key never changes. */
export function idsOf(meta: Meta): FaceIds {
  let ids = idMaps.get(meta.setId);
  if (ids === undefined) {
    if (idMaps.size >= idMapsKept) idMaps.clear();
    ids = faceIds(meta.idKey);
    idMaps.set(meta.setId, ids);
  }
  return ids;
}

export function storedFace(ids: FaceIds, face: FaceRecord): StoredFace {
  const { number, box, externalImageId, fields } = face;
  return { faceId: ids.idOf(number), box, externalImageId, fields };
}

/** New faces under the numbers that they got. */
export function storedFaces(
  meta: Meta,
  from: number,
  faces: readonly Pick<StoredFace, 'box' | 'externalImageId' | 'fields'>[],
): StoredFace[] {
  const ids = idsOf(meta);
  return faces.map(({ box, externalImageId, fields }, i) => ({
    faceId: ids.idOf(from + i),
    box,
    externalImageId,
    fields,
  }));
}

/** The record of a face that is there to be seen. @throws FrsError FRS.0403, FRS.0302 */
export async function visibleFace(
  store: Store,
  set: FaceSet,
  faceId: string,
): Promise<{ readonly meta: Meta; readonly face: FaceRecord }> {
  const meta = await livingMeta(store, set.id);
  const number = idsOf(meta).numberOf(faceId);
  if (number === undefined || !isSettled(meta, number)) throw new FrsError('FRS.0403');
  const face = await readFace(store, set.id, number, set.fields);
  if (face === undefined) throw new FrsError('FRS.0403');
  return { meta, face };
}

/** The living face of a number. */
export async function readFace(
  store: Store,
  setId: string,
  number: number,
  schema: FieldSchema,
): Promise<FaceRecord | undefined> {
  const face = (await readFaces(store.database, setId, [number], schema)).get(number);
  return face === undefined || isDead(face) ? undefined : face;
}
