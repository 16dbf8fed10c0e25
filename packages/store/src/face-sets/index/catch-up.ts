import { type FaceIndex, type FaceRow, runInSlices, type Steps } from '@openfrs/search';
import { chunk, mapConcurrent } from '../../dynamodb/concurrency.ts';
import type { Limits, StoreContext } from '../context.ts';
import type { FaceSetIdentity } from '../protocol/sets.ts';
import { faceIdsOf } from '../protocol/visibility.ts';
import { type ChangeRecord, readChanges } from '../records/change-log.ts';
import type { FaceIds } from '../records/face-ids.ts';
import {
  type FaceRecord,
  type FaceWithVector,
  facesBetween,
  isTombstone,
  readFaces,
  type Tombstone,
} from '../records/faces.ts';
import type { SetManifest } from '../records/manifest.ts';
import { heldInFlight, type Range, subtract } from '../records/number-ranges.ts';
import type { ManifestSnapshot, Ticks } from '../records/snapshot.ts';
import type { LoadedSegment } from '../segments/load-segment.ts';

/** A set's index and how far it is true. */
export interface LoadedIndex {
  readonly index: FaceIndex;
  readonly ids: FaceIds;
  /** The segments that it was made from. */
  readonly loaded: readonly LoadedSegment[];
  /** Numbers not known yet although they are below `next`: adds in flight when last looked at. */
  pending: readonly Range[];
  next: number;
  /** Changes not known yet although they are not above `rev`. */
  open: ReadonlySet<number>;
  revision: number;
  /** When the set's item was read that it is true to. */
  asOf: Ticks;
  /** The list of segments that it was made from. */
  readonly segmentsVersion: number;
  /** Changes before and after each time that what was new is taken in: while it is the same, so are the faces. */
  version: number;
  /** Was nothing new when last looked at? */
  wasCurrent: boolean;
  /** Faces taken in and let go since it was made: their rows lie outside of segments, or lie idle. */
  changedRows: number;
}

/** Would an index made from the segments of now be much tidier? */
export function needsRebuild(
  { changedRows, index, segmentsVersion }: LoadedIndex,
  manifest: SetManifest,
  limits: Limits,
): boolean {
  return (
    manifest.segmentsVersion !== segmentsVersion && changedRows > Math.max(limits.tailRows, index.size / 4)
  );
}

/** The log no longer has all that the index misses: it must be loaded anew. */
export class LogTruncatedError extends Error {}

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
 * @param news what `readChangesSince` gives for this memory, where it is being read already
 * @throws LogTruncatedError
 */
export async function catchUp(
  store: StoreContext,
  set: FaceSetIdentity,
  memory: LoadedIndex,
  snapshot: ManifestSnapshot,
  news = readChangesSince(store, set.id, memory, snapshot.manifest),
): Promise<void> {
  const { manifest } = snapshot;
  const inFlight = heldInFlight(manifest);
  const known =
    manifest.next > memory.next
      ? [...memory.pending, { from: memory.next, to: manifest.next }]
      : memory.pending;
  const ranges = subtract(known, inFlight.ranges);
  const logs = await news;
  memory.wasCurrent = ranges.length === 0 && logs.length === 0;
  if (!memory.wasCurrent) {
    memory.version += 1;
    memory.changedRows += await loadRanges(store, set, memory.index, manifest, ranges);
    memory.changedRows += await applyChanges(store, set, memory.index, logs);
    memory.version += 1;
  }
  memory.pending = inFlight.ranges;
  memory.next = Math.max(memory.next, manifest.next);
  memory.open = inFlight.revisions;
  memory.revision = Math.max(memory.revision, manifest.revision);
  memory.asOf = snapshot;
}

/** The changes that have ended and aren't in the memory yet. @throws LogTruncatedError */
export async function readChangesSince(
  store: StoreContext,
  setId: string,
  memory: Pick<LoadedIndex, 'open' | 'revision'>,
  manifest: SetManifest,
): Promise<ChangeRecord[]> {
  const inFlight = heldInFlight(manifest).revisions;
  const since = [...memory.open];
  for (let revision = memory.revision + 1; revision <= manifest.revision; revision++) since.push(revision);
  const revisions = since.filter((revision) => !inFlight.has(revision));
  if (revisions.length === 0) return [];
  const wanted = new Set(revisions);
  const found = await readChanges(store.table, setId, Math.min(...revisions), Math.max(...revisions));
  const logs = found.filter((log) => wanted.has(log.revision));
  if (logs.length < wanted.size) throw new LogTruncatedError();
  return logs;
}

/** Reads faces from the records into the index's tail; returns how many were new. */
export async function loadRanges(
  store: StoreContext,
  set: FaceSetIdentity,
  index: FaceIndex,
  manifest: SetManifest,
  ranges: readonly Range[],
): Promise<number> {
  const ids = faceIdsOf(store, manifest);
  const before = index.tailSize;
  const pieces = ranges.flatMap((range) => split(range));
  await mapConcurrent(pieces, readers, async ({ from, to }) => {
    for await (const page of facesBetween(store.table, set.id, from, to, set.fields)) {
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
      if (isTombstone(face)) continue;
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
  store: StoreContext,
  set: FaceSetIdentity,
  index: FaceIndex,
  logs: readonly ChangeRecord[],
): Promise<number> {
  const known = await runInSlices(knownOf(index, logs));
  let removed = 0;
  for (const numbers of chunk(known, changesAtOnce)) {
    const now = await readFaces(store.table, set.id, numbers, set.fields);
    removed += await runInSlices(apply(index, numbers, now));
  }
  return removed;
}

/** The changed faces that the index has, each once. */
function* knownOf(index: FaceIndex, logs: readonly ChangeRecord[]): Steps<number[]> {
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
    if (face === undefined || isTombstone(face)) removed += Number(index.remove(number));
    else index.update(number, { externalImageId: face.externalImageId, fields: face.fields });
  }
  return removed;
}
