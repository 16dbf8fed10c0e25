import type { FaceSet } from '@openfrs/core';
import { SegmentNewer } from '@openfrs/search';
import { mapConcurrent } from '../../dynamodb/concurrency.ts';
import type { StoreContext } from '../context.ts';
import { recoverStale } from '../protocol/recovery.ts';
import { faceIdsOf, isCommitted } from '../protocol/visibility.ts';
import { checkedFaces } from '../records/damaged-record.ts';
import { isTombstone, recordsBetween } from '../records/faces.ts';
import { manifestKey } from '../records/keys.ts';
import {
  faceNumber,
  isDeleted,
  readManifest,
  type SegmentEntry,
  type SetManifest,
} from '../records/manifest.ts';
import { isUnreadable, loadSegment } from '../segments/load-segment.ts';
import { compact } from './compact.ts';

export interface SetReport {
  /** Faces that the records hold. */
  readonly faces: number;
  /** The manifest's count; it differs from `faces` where something went wrong that shouldn't. */
  readonly counted: number;
  /** Keys of segments that were missing or damaged. */
  readonly lostSegments: readonly string[];
  /** Keys of segments that a newer openfrs wrote: they are not verified here, and left as they are. */
  readonly newerSegments: readonly string[];
  /** Ids of faces whose records can't be read: delete and add them again. */
  readonly damaged: readonly string[];
  /** Operations in doubt that were recovered. */
  readonly recovered: number;
  readonly repaired: boolean;
}

/** Attempts to count while somebody always writes. */
const maxAttempts = 5;

/**
 * Verifies a set wholly, while it may be in use: recovers what has been in flight for too long, counts the faces, reads every
 * segment and compares its checksums. With `repair` a wrong count is corrected and lost segments are written anew.
 * @returns `undefined` where the set is deleted
 * @throws Error the set is written to without a pause, so that it can't be counted
 */
export async function verifySet(
  store: StoreContext,
  set: FaceSet,
  repair: boolean,
): Promise<SetReport | undefined> {
  let recovered = 0;
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const manifest = await readManifest(store.table, set.id);
    if (isDeleted(manifest)) return undefined;
    recovered += await recoverStale(store, manifest);
    const quiet = await readManifest(store.table, set.id);
    if (isDeleted(quiet)) return undefined;
    if ([...quiet.inFlight.values()].some((entry) => entry.kind !== 'import')) continue;
    const damaged = await findDamaged(store, set, quiet);
    if (damaged.length > 0) {
      const counted = faceNumber(quiet);
      const unread = { lostSegments: [], newerSegments: [] };
      return { faces: counted, counted, ...unread, damaged, recovered, repaired: false };
    }
    const faces = await countFaces(store, quiet);
    const counted = faceNumber(quiet);
    const used = repair ? quiet.used + faces - counted : quiet.used;
    if (!(await unchanged(store, quiet, used))) continue;
    const { lostSegments, newerSegments } = await readAll(store, quiet.segments, set.dimension);
    if (repair && lostSegments.length > 0) await compact(store, set, { lost: lostSegments });
    const wrong = faces !== counted || lostSegments.length > 0;
    return { faces, counted, lostSegments, newerSegments, damaged, recovered, repaired: repair && wrong };
  }
  throw new Error(`Face set ${set.id} is written to without a pause: try again later.`);
}

/** The ids of the faces whose records can't be read, vectors included. */
async function findDamaged(
  store: StoreContext,
  { id, dimension, fields }: FaceSet,
  manifest: SetManifest,
): Promise<string[]> {
  const numbers: number[] = [];
  const shape = { setId: id, dimension, fields };
  const pages = checkedFaces(store.table, shape, 0, manifest.next, ({ number }) => numbers.push(number));
  for await (const _ of pages);
  return numbers.map((number) => faceIdsOf(store, manifest).idOf(number));
}

/** Faces of unfinished imports don't count. */
async function countFaces(store: StoreContext, manifest: SetManifest): Promise<number> {
  let count = 0;
  for await (const page of recordsBetween(store.table, manifest.setId, 0, manifest.next, {})) {
    count += page.filter((face) => !isTombstone(face) && isCommitted(manifest, face.number)).length;
  }
  return count;
}

/** Writes the count if nothing began since `manifest` was read: each write to the set raises one of the two. */
async function unchanged(store: StoreContext, manifest: SetManifest, used: number): Promise<boolean> {
  const item = await store.table.update(manifestKey(manifest.setId), {
    UpdateExpression: 'SET used = :new',
    ConditionExpression: 'attribute_not_exists(goneAt) AND #next = :next AND rev = :rev AND used = :used',
    ExpressionAttributeNames: { '#next': 'next' },
    ExpressionAttributeValues: {
      ':new': used,
      ':next': manifest.next,
      ':rev': manifest.revision,
      ':used': manifest.used,
    },
  });
  return item !== undefined;
}

async function readAll(
  store: StoreContext,
  entries: readonly SegmentEntry[],
  dimension: number,
): Promise<Pick<SetReport, 'lostSegments' | 'newerSegments'>> {
  const lostSegments: string[] = [];
  const newerSegments: string[] = [];
  await mapConcurrent(entries, 2, async (entry) => {
    try {
      const { loadPart } = await loadSegment(store.segments, entry, { dimension, rowsOfSet: 0 });
      await loadPart('columns');
      await loadPart('vectors');
    } catch (error) {
      if (error instanceof SegmentNewer) newerSegments.push(entry.key);
      else if (isUnreadable(error)) lostSegments.push(entry.key);
      else throw error;
    }
  });
  return { lostSegments, newerSegments };
}
