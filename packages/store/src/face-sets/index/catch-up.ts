import { type FaceIndex, type FaceRow, runInSlices, type Steps } from '@openfrs/search';
import type { FaceSetOfName } from '../protocol/sets.ts';
import { idsOf } from '../protocol/visibility.ts';
import { type ChangeLog, readChanges } from '../records/change-log.ts';
import { chunks, parallel } from '../../dynamodb/concurrency.ts';
import type { FaceIds } from '../records/face-ids.ts';
import {
  type FaceRecord,
  type FaceWithVector,
  facesBetween,
  isDead,
  readFaces,
  type Tombstone,
} from '../records/faces.ts';
import type { Meta } from '../records/manifest.ts';
import { inFlight, type Range, subtract } from '../records/number-ranges.ts';
import type { Reading } from '../records/snapshot.ts';
import type { LoadedSegment } from '../segments/load-segment.ts';
import type { Limits, Store } from '../context.ts';

/** A set's index and how far it is true. */
export interface SetMemory {
  readonly index: FaceIndex;
  readonly ids: FaceIds;
  /** The segments that it was made from. */
  readonly loaded: readonly LoadedSegment[];
  /** Numbers not known yet although they are below `next`: adds in flight when last looked at. */
  pending: readonly Range[];
  next: number;
  /** Changes not known yet although they are not above `rev`. */
  open: ReadonlySet<number>;
  rev: number;
  /** When the set's item was read that it is true to. */
  asOf: Pick<Reading, 'begun' | 'ended'>;
  /** The list of segments that it was made from. */
  readonly segmentsVersion: number;
  /** Changes before and after each time that what was new is taken in: while it is the same, so are the faces. */
  version: number;
  /** Was nothing new when last looked at? */
  calm: boolean;
  /** Faces taken in and let go since it was made: their rows lie outside of segments, or lie idle. */
  churn: number;
}

/** Would an index made from the segments of now be much tidier? */
export function isWorn({ churn, index, segmentsVersion }: SetMemory, meta: Meta, limits: Limits): boolean {
  return meta.segmentsVersion !== segmentsVersion && churn > Math.max(limits.tailRows, index.size / 4);
}

/** The log no longer has all that the index misses: it must be loaded anew. */
export class LogCleared extends Error {}

/** Changed faces whose records are read before they are applied: of a few batches, so that readers share the table. */
const changesAtOnce = 2000;
/**
 * Ranges of a first load that are read at once, and the least they hold. Decoding bounds the load, not waiting: with more
 * of them, so many more pages may arrive in one turn of the event loop.
 */
const readers = 4;
const readerRows = 512;

/**
 * Brings an index up to the moment of a reading that is newer than its own: reads the faces whose adds have ended since, and looks
 * again at the faces of all changes that have ended since. What is in flight is left for the next time; nobody was told
 * that it happened. Can be repeated after a failure.
 * @param news what `readNews` gives for this memory, where it is being read already
 * @throws LogCleared
 */
export async function catchUp(
  store: Store,
  set: FaceSetOfName,
  memory: SetMemory,
  reading: Reading,
  news = readNews(store, set.id, memory, reading.meta),
): Promise<void> {
  const { meta } = reading;
  const flying = inFlight(meta);
  const known =
    meta.next > memory.next ? [...memory.pending, { from: memory.next, to: meta.next }] : memory.pending;
  const ranges = subtract(known, flying.ranges);
  const logs = await news;
  memory.calm = ranges.length === 0 && logs.length === 0;
  if (!memory.calm) {
    memory.version += 1;
    memory.churn += await loadRanges(store, set, memory.index, meta, ranges);
    memory.churn += await applyChanges(store, set, memory.index, logs);
    memory.version += 1;
  }
  memory.pending = flying.ranges;
  memory.next = Math.max(memory.next, meta.next);
  memory.open = flying.revs;
  memory.rev = Math.max(memory.rev, meta.rev);
  memory.asOf = reading;
}

/** The changes that have ended and aren't in the memory yet. @throws LogCleared */
export async function readNews(
  store: Store,
  setId: string,
  memory: Pick<SetMemory, 'open' | 'rev'>,
  meta: Meta,
): Promise<ChangeLog[]> {
  const flying = inFlight(meta).revs;
  const since = [...memory.open];
  for (let rev = memory.rev + 1; rev <= meta.rev; rev++) since.push(rev);
  const revs = since.filter((rev) => !flying.has(rev));
  if (revs.length === 0) return [];
  const wanted = new Set(revs);
  const found = await readChanges(store.database, setId, Math.min(...revs), Math.max(...revs));
  const logs = found.filter((log) => wanted.has(log.rev));
  if (logs.length < wanted.size) throw new LogCleared();
  return logs;
}

/** Reads faces from the records into the index's tail; returns how many were new. */
export async function loadRanges(
  store: Store,
  set: FaceSetOfName,
  index: FaceIndex,
  meta: Meta,
  ranges: readonly Range[],
): Promise<number> {
  const ids = idsOf(meta);
  const before = index.tailSize;
  const pieces = ranges.flatMap((range) => split(range));
  await parallel(pieces, readers, async ({ from, to }) => {
    for await (const page of facesBetween(store.database, set.id, from, to, set.fields)) {
      await runInSlices(append(index, ids, page));
    }
  });
  return index.tailSize - before;
}

/** Rows that are appended between two pauses, and changes applied. */
const rowsAtOnce = 64;

function* append(index: FaceIndex, ids: FaceIds, page: readonly (FaceWithVector | Tombstone)[]): Steps<void> {
  for (let start = 0; start < page.length; start += rowsAtOnce) {
    if (start > 0) yield;
    const rows: FaceRow[] = [];
    for (const face of page.slice(start, start + rowsAtOnce)) {
      if (isDead(face)) continue;
      const { number, box, externalImageId, fields, vector } = face;
      rows.push({ number, faceId: ids.idOf(number), box, externalImageId, fields, vector });
    }
    index.append(rows);
  }
}

function split({ from, to }: Range): Range[] {
  const size = Math.max(readerRows, Math.ceil((to - from) / readers));
  const pieces: Range[] = [];
  for (let start = from; start < to; start += size)
    pieces.push({ from: start, to: Math.min(to, start + size) });
  return pieces;
}

async function applyChanges(
  store: Store,
  set: FaceSetOfName,
  index: FaceIndex,
  logs: readonly ChangeLog[],
): Promise<number> {
  const known = await runInSlices(knownOf(index, logs));
  let removed = 0;
  for (const numbers of chunks(known, changesAtOnce)) {
    const now = await readFaces(store.database, set.id, numbers, set.fields);
    removed += await runInSlices(apply(index, numbers, now));
  }
  return removed;
}

/** The changed faces that the index has, each once. */
function* knownOf(index: FaceIndex, logs: readonly ChangeLog[]): Steps<number[]> {
  const known = new Set<number>();
  for (const { faces } of logs) {
    for (const { number } of faces) if (index.has(number)) known.add(number);
    yield;
  }
  return [...known];
}

function* apply(
  index: FaceIndex,
  numbers: readonly number[],
  now: ReadonlyMap<number, FaceRecord | Tombstone>,
): Steps<number> {
  let removed = 0;
  for (const [i, number] of numbers.entries()) {
    if (i > 0 && i % rowsAtOnce === 0) yield;
    const face = now.get(number);
    if (face === undefined || isDead(face)) removed += Number(index.remove(number));
    else index.update(number, { externalImageId: face.externalImageId, fields: face.fields });
  }
  return removed;
}
