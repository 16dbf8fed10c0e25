import type { FaceSet, StoredFace } from '@openfrs/core';
import { isDead, recordsBetween } from '../records/faces.ts';
import type { Store } from '../context.ts';
import { idsOf, isSettled, livingMeta, storedFace } from './visibility.ts';

/** A query reads this many records more than are asked for, for the tombstones between them. */
const spare = 32;

/** The faces at [offset, offset + limit) in the order of adding. @throws FrsError FRS.0302 */
export async function pageOfFaces(
  store: Store,
  set: FaceSet,
  offset: number,
  limit: number,
): Promise<StoredFace[]> {
  const meta = await livingMeta(store, set.id);
  const ids = idsOf(meta);
  const found: StoredFace[] = [];
  let skip = offset;
  const pages = recordsBetween(store.database, set.id, 0, meta.next, set.fields, offset + limit + spare);
  for await (const page of pages) {
    for (const face of page) {
      if (isDead(face) || !isSettled(meta, face.number)) continue;
      if (skip > 0) {
        skip -= 1;
        continue;
      }
      found.push(storedFace(ids, face));
      if (found.length === limit) return found;
    }
  }
  return found;
}
