import type { FaceSet, NewFace } from '@openfrs/core';
import type { RecordContext } from '../context.ts';
import { type FaceToWrite, readSealedCrops } from '../records/faces.ts';
import type { SetManifest } from '../records/manifest.ts';
import { faceIdsOf, isCommitted, requireManifest } from './visibility.ts';

/*
 * Crops of faces lie in the records of their faces: whatever takes a vector away takes the crop with it, at the same moment. They
 * are in no segment, export or backup.
 */

/** What is authenticated with a crop: the face, by its set's key of face ids (a reindexed set keeps that) and its number. */
const contextOf = ({ idKey }: Pick<SetManifest, 'idKey'>, number: number) =>
  `crop ${Buffer.from(idKey).toString('base64url')} ${number}`;

/** The face as it is written under its number: its crop sealed, or dropped where none are kept. */
export function withSealedCrop(
  { crops }: RecordContext,
  manifest: SetManifest,
  number: number,
  { crop, ...face }: NewFace,
): FaceToWrite {
  if (crops === undefined || crop === undefined) return face;
  return { ...face, sealedCrop: crops.sealCrop(crop, contextOf(manifest, number)) };
}

/**
 * The crops of some faces of a set (JPEG), by face id; of those that have none, or aren't there, nothing. One that no key of the
 * service opens is left out; the operator is told how many.
 * @throws FrsError FRS.0302
 */
export async function readCrops(
  store: RecordContext,
  set: FaceSet,
  faceIds: readonly string[],
): Promise<Map<string, Uint8Array>> {
  const { crops } = store;
  if (crops === undefined) return new Map();
  const manifest = await requireManifest(store, set.id);
  const ids = faceIdsOf(store, manifest);
  const numbers = faceIds.flatMap((id) => {
    const number = ids.numberOf(id);
    return number === undefined || !isCommitted(manifest, number) ? [] : [number];
  });
  const opened = new Map<string, Uint8Array>();
  const failures: unknown[] = [];
  for (const [number, sealed] of await readSealedCrops(store.table, set.id, [...new Set(numbers)])) {
    try {
      opened.set(ids.idOf(number), crops.openCrop(sealed, contextOf(manifest, number)));
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0)
    store.warn(`Crops of ${failures.length} faces of set ${set.id} can't be opened.`, failures[0]);
  return opened;
}
