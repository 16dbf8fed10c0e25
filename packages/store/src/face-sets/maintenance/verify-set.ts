import type { FaceSet } from '@openfrs/core';
import { idsOf, isSettled } from '../protocol/visibility.ts';
import { checkedFaces } from '../records/damaged-record.ts';
import { parallel } from '../../dynamodb/concurrency.ts';
import { isDead, recordsBetween } from '../records/faces.ts';
import { metaKey } from '../records/keys.ts';
import { faceNumber, isGone, type Meta, readMeta, type SegmentEntry } from '../records/manifest.ts';
import { isLost, loadSegment } from '../segments/load-segment.ts';
import type { Store } from '../context.ts';
import { compact } from './compact.ts';
import { settleStale } from '../protocol/recovery.ts';

export interface Diagnosis {
  /** Faces that the records hold. */
  readonly faces: number;
  /** What the set's item said; differs from `faces` where something went wrong that shouldn't. */
  readonly counted: number;
  /** Segments that were missing or damaged. */
  readonly lostSegments: readonly string[];
  /** Ids of faces whose records can't be read: delete and add them again. */
  readonly damaged: readonly string[];
  /** Operations in flight that were settled. */
  readonly settled: number;
  readonly repaired: boolean;
}

/** Somebody always writes: the count is tried so often. */
const rounds = 5;

/**
 * Examines a set wholly, while it may be in use: settles all that is in flight for too long, counts the faces, reads every
 * segment and compares its checksums. With `repair` a wrong count is put right and lost segments are written anew.
 * @returns `undefined` where the set is gone
 * @throws Error the set is written to without a pause, so that it can't be counted
 */
export async function examine(store: Store, set: FaceSet, repair: boolean): Promise<Diagnosis | undefined> {
  let settled = 0;
  for (let round = 0; round < rounds; round++) {
    const meta = await readMeta(store.database, set.id);
    if (isGone(meta)) return undefined;
    settled += await settleStale(store, meta);
    const quiet = await readMeta(store.database, set.id);
    if (isGone(quiet)) return undefined;
    if ([...quiet.inflight.values()].some((entry) => entry.kind !== 'import')) continue;
    const damaged = await findDamaged(store, set, quiet);
    if (damaged.length > 0) {
      const counted = faceNumber(quiet);
      return { faces: counted, counted, lostSegments: [], damaged, settled, repaired: false };
    }
    const faces = await countFaces(store, quiet);
    const counted = faceNumber(quiet);
    const used = repair ? quiet.used + faces - counted : quiet.used;
    if (!(await unchanged(store, quiet, used))) continue;
    const lostSegments = await findLost(store, quiet.segments, set.dimension);
    if (repair && lostSegments.length > 0) await compact(store, set, { lost: lostSegments });
    const wrong = faces !== counted || lostSegments.length > 0;
    return { faces, counted, lostSegments, damaged, settled, repaired: repair && wrong };
  }
  throw new Error(`Face set ${set.id} is written to without a pause: try again later.`);
}

/** The ids of the faces whose records can't be read, vectors included. */
async function findDamaged(store: Store, { id, dimension, fields }: FaceSet, meta: Meta): Promise<string[]> {
  const numbers: number[] = [];
  const shape = { setId: id, dimension, fields };
  const pages = checkedFaces(store.database, shape, 0, meta.next, ({ number }) => numbers.push(number));
  for await (const _ of pages);
  return numbers.map((number) => idsOf(meta).idOf(number));
}

/** Imports that were begun and not finished don't count. */
async function countFaces(store: Store, meta: Meta): Promise<number> {
  let count = 0;
  for await (const page of recordsBetween(store.database, meta.setId, 0, meta.next, {})) {
    count += page.filter((face) => !isDead(face) && isSettled(meta, face.number)).length;
  }
  return count;
}

/** Writes the count if nothing began since `meta` was read: each write to the set raises one of the two. */
async function unchanged(store: Store, meta: Meta, used: number): Promise<boolean> {
  const item = await store.database.update(metaKey(meta.setId), {
    UpdateExpression: 'SET used = :new',
    ConditionExpression: 'attribute_not_exists(goneAt) AND #next = :next AND rev = :rev AND used = :used',
    ExpressionAttributeNames: { '#next': 'next' },
    ExpressionAttributeValues: { ':new': used, ':next': meta.next, ':rev': meta.rev, ':used': meta.used },
  });
  return item !== undefined;
}

async function findLost(
  store: Store,
  entries: readonly SegmentEntry[],
  dimension: number,
): Promise<string[]> {
  const lost: string[] = [];
  await parallel(entries, 2, async (entry) => {
    try {
      const { bring } = await loadSegment(store.segments, entry, dimension);
      await bring('columns');
      await bring('vectors');
    } catch (error) {
      if (!isLost(error)) throw error;
      lost.push(entry.key);
    }
  });
  return lost;
}
