import type { FaceSet, StoredFace } from '@openfrs/core';
import type { RecordContext } from '../context.ts';
import { isTombstone, recordsBetween } from '../records/faces.ts';
import { faceIdsOf, isCommitted, requireManifest, storedFace } from './visibility.ts';

/** A query reads this many records more than are asked for, for the tombstones between them. */
const spare = 32;

/** The faces at [offset, offset + limit) in the order of adding. @throws FrsError FRS.0302 */
export async function pageOfFaces(
  store: RecordContext,
  set: FaceSet,
  offset: number,
  limit: number,
): Promise<StoredFace[]> {
  const manifest = await requireManifest(store, set.id);
  const ids = faceIdsOf(store, manifest);
  const found: StoredFace[] = [];
  let skip = offset;
  const pages = recordsBetween(store.table, set.id, 0, manifest.next, set.fields, offset + limit + spare);
  for await (const page of pages) {
    for (const face of page) {
      if (isTombstone(face) || !isCommitted(manifest, face.number)) continue;
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
