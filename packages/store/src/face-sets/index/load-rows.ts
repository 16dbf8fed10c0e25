import { runInSlices, type Steps } from '@openfrs/contract/steps';
import type { FaceIndex, FaceRow } from '@openfrs/search';
import { mapConcurrent } from '../../dynamodb/concurrency.ts';
import type { StoreContext } from '../context.ts';
import type { FaceSetIdentity } from '../protocol/sets.ts';
import { faceIdsOf } from '../protocol/visibility.ts';
import type { FaceIds } from '../records/face-ids.ts';
import { type FaceWithVector, facesBetween, isTombstone, type Tombstone } from '../records/faces.ts';
import type { SetManifest } from '../records/manifest.ts';
import type { Range } from '../records/number-ranges.ts';

/**
 * Numbers are read in so many ranges at once, each of at least `minRangeRows`. Decoding bounds the load, not waiting: with more
 * of them, more pages may arrive in one turn of the event loop.
 */
const rangeConcurrency = 4;
const minRangeRows = 512;
/** Faces of a page: the SDK decodes a page in one piece (1 MB takes 40 ms), in which the event loop serves nobody. */
const pageFaces = 128;

/** Rows that are appended, or changes applied, between two pauses. */
export const rowsAtOnce = 64;

/** Reads faces from the records into the index's tail; returns how many were new. */
export async function loadRows(
  store: StoreContext,
  set: FaceSetIdentity,
  index: FaceIndex,
  manifest: SetManifest,
  ranges: readonly Range[],
): Promise<number> {
  const ids = faceIdsOf(store, manifest);
  const before = index.tailSize;
  const parts = ranges.flatMap((range) => split(range));
  await mapConcurrent(parts, rangeConcurrency, async ({ from, to }) => {
    for await (const page of facesBetween(store.table, set.id, from, to, set.fields, {
      limit: pageFaces,
    })) {
      await runInSlices(append(index, ids, page));
    }
  });
  return index.tailSize - before;
}

function* append(index: FaceIndex, ids: FaceIds, page: readonly (FaceWithVector | Tombstone)[]): Steps<void> {
  for (let start = 0; start < page.length; start += rowsAtOnce) {
    if (start > 0) yield;
    const rows: FaceRow[] = [];
    for (const face of page.slice(start, start + rowsAtOnce)) {
      if (isTombstone(face)) continue;
      const { number, box, externalImageId, fields, vector } = face;
      rows.push({ number, faceId: ids.idOf(number), box, externalImageId, fields, vector });
    }
    index.append(rows);
  }
}

function split({ from, to }: Range): Range[] {
  const size = Math.max(minRangeRows, Math.ceil((to - from) / rangeConcurrency));
  const parts: Range[] = [];
  for (let start = from; start < to; start += size)
    parts.push({ from: start, to: Math.min(to, start + size) });
  return parts;
}
