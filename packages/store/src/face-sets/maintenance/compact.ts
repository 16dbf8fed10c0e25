import type { FaceSet } from '@openfrs/core';
import { encodeSegmentInSlices, type FaceRow, readSegmentPlan, segmentHeaderBytes } from '@openfrs/search';
import { mapConcurrent } from '../../dynamodb/concurrency.ts';
import type { StoreContext } from '../context.ts';
import { recoverStale } from '../protocol/recovery.ts';
import { faceIdsOf } from '../protocol/visibility.ts';
import { readChanges } from '../records/change-log.ts';
import { facesBetween, isTombstone, lastNumber } from '../records/faces.ts';
import {
  isDeleted,
  readManifest,
  type SegmentEntry,
  type SetManifest,
  switchSegments,
} from '../records/manifest.ts';
import { heldInFlight } from '../records/number-ranges.ts';
import { newSegmentKey } from '../segments/segment-objects.ts';
import { type Planned, planSegments } from './compaction-plan.ts';
import { collectGarbage } from './garbage-collection.ts';

export interface Compaction {
  /** Did the set get a new list of segments? */
  readonly switched: boolean;
  readonly written: number;
  readonly rows: number;
  /** Segments that tasks behind writes should have written: of a long tail, or of as many changes as request a compaction. */
  readonly due: number;
}

export interface CompactOptions {
  /** Take up the tail however short. */
  readonly all?: boolean;
  /** Keys of segments that are missing or damaged. */
  readonly lost?: readonly string[];
}

const nothing: Compaction = { switched: false, written: 0, rows: 0, due: 0 };
const stop = { ...nothing, more: false };
/** A segment's numbers are read in so many ranges at once, each of at least `minRangeRows`. */
const rangeConcurrency = 4;
const minRangeRows = 1024;

/**
 * Writes what lies outside of a set's segments, or has changed in them, into new segments, and clears away what was
 * replaced long enough ago. All comes from the records, so a lost segment is made again like any other. Any number may
 * run at once, and each may stop anywhere: only the switch of the list counts, and only one of them makes it.
 */
export async function compact(
  store: StoreContext,
  set: FaceSet,
  options: CompactOptions = {},
): Promise<Compaction> {
  const { table } = store;
  const first = await readManifest(table, set.id);
  if (isDeleted(first)) return nothing;
  const manifest = (await recoverStale(store, first)) === 0 ? first : await readManifest(table, set.id);
  if (isDeleted(manifest)) return nothing;
  const done = { ...nothing };
  const revisions: SegmentRevisions = new Map();
  for (
    let now: SetManifest | undefined = manifest;
    !isDeleted(now);
    now = await readManifest(table, set.id)
  ) {
    const { switched, written, rows, due, more } = await rewrite(store, set, now, options, revisions);
    done.switched ||= switched;
    done.written += written;
    done.rows += rows;
    done.due = Math.max(done.due, due);
    if (!more) break;
  }
  await collectGarbage(store, set.id);
  return done;
}

/** Written segments are switched to within this share of the grace time: after it they would be taken for orphans. */
const shareOfGrace = 0.25;

/** The revision up to which segments that this compaction wrote have all changes, by key. */
type SegmentRevisions = Map<string, number>;

/** One switch of the list: of all that is planned, or as much of it as is written in time (then there is `more`). */
async function rewrite(
  store: StoreContext,
  set: FaceSet,
  manifest: SetManifest,
  options: CompactOptions,
  revisions: SegmentRevisions,
): Promise<Compaction & { readonly more: boolean }> {
  const { table, limits, segments: objects } = store;
  // Only what is committed: below the lowest number of an add in flight, before the lowest change in flight.
  const inFlight = heldInFlight(manifest);
  const end = Math.min(manifest.next, ...inFlight.ranges.map((range) => range.from));
  const revision = Math.min(manifest.revision, ...[...inFlight.revisions].map((open) => open - 1));
  const changes = await readChanges(table, set.id, manifest.truncatedTo + 1, revision);
  const isWritten = (change: number, number: number) =>
    manifest.segments.some(
      ({ key, from, to }) => number >= from && number < to && (revisions.get(key) ?? -1) >= change,
    );
  const changed = changes.flatMap(({ revision: change, faces }) =>
    faces.map((face) => face.number).filter((number) => !isWritten(change, number)),
  );
  await store.failpoint('compact:synced');
  const minTail = options.all ? 1 : limits.tailRows;
  const lost = new Set(options.lost ?? []);
  const behind = manifest.segments.at(-1)?.to ?? 0;
  // Of numbers that a restore passed over, a million may have no face: nothing is planned for them.
  const last = end - behind < minTail ? undefined : await lastNumber(table, set.id, behind, end);
  const used = last === undefined ? Math.min(end, behind) : last + 1;
  const plan = planSegments(manifest.segments, used, changed, lost, 1, limits.segmentRows);
  // Segments with few changes wait for the sweep; the tail, and many changes, are of tasks that have not run.
  const isBehind = changes.length >= limits.logChanges;
  const isDue = (piece: Planned) => piece.keep === undefined && (isBehind || piece.to > behind);
  let due = plan.filter(isDue).length;
  const fresh: string[] = [];
  let rows = 0;
  const segments: SegmentEntry[] = [];
  const startedAt = store.now();
  let more = false;
  for (const piece of plan) {
    more = fresh.length > 0 && store.now() - startedAt > shareOfGrace * limits.graceMs;
    if (more) {
      const { from } = piece.keep ?? piece;
      segments.push(...manifest.segments.filter((entry) => entry.from >= from));
      break;
    }
    const entry = piece.keep ?? (await writeSegment(store, set, manifest, piece));
    if (piece.keep === undefined && entry !== undefined) {
      fresh.push(entry.key);
      revisions.set(entry.key, revision);
      rows += entry.rows;
    }
    if (entry !== undefined) segments.push(entry);
    // Of deleted faces alone: nothing is written, whenever it comes by.
    else if (isDue(piece)) due -= 1;
  }
  await store.failpoint('compact:written');
  const kept = new Set(segments.map((entry) => entry.key));
  const replaced = manifest.segments.filter((entry) => !kept.has(entry.key));
  if (replaced.length === 0 && fresh.length === 0 && revision <= manifest.truncatedTo)
    return { ...stop, due };
  const at = store.now();
  const retired = [...manifest.retired, ...replaced.map(({ key }) => ({ key, at }))];
  const switched = await switchSegments(table, manifest, {
    segments,
    retired,
    // The changes are in the segments once all of these are written.
    truncatedTo: more ? manifest.truncatedTo : Math.max(revision, manifest.truncatedTo),
  });
  await store.failpoint('compact:switched');
  if (!switched) {
    await objects.remove(fresh);
    return { ...stop, due };
  }
  return { switched, written: fresh.length, rows, due, more };
}

/** Writes the faces of a range as a segment; `undefined` where there are none. */
async function writeSegment(
  store: StoreContext,
  set: FaceSet,
  manifest: SetManifest,
  { from, to }: Exclude<Planned, { keep: SegmentEntry }>,
): Promise<SegmentEntry | undefined> {
  const rows = await readRows(store, set, manifest, from, to);
  if (rows.length === 0) return undefined;
  const bytes = await encodeSegmentInSlices({ dimension: set.dimension, fields: set.fields }, rows);
  const { codes, columns } = readSegmentPlan(bytes.subarray(0, segmentHeaderBytes)).parts;
  const key = newSegmentKey(set.id);
  await store.segments.write(key, bytes);
  return {
    key,
    from,
    to,
    rows: rows.length,
    bytes: bytes.length,
    coldReadBytes: Math.max(codes.offset + codes.length, columns.offset + columns.length),
  };
}

async function readRows(
  store: StoreContext,
  set: FaceSet,
  manifest: SetManifest,
  from: number,
  to: number,
): Promise<FaceRow[]> {
  const ids = faceIdsOf(store, manifest);
  const size = Math.max(minRangeRows, Math.ceil((to - from) / rangeConcurrency));
  const starts = Array.from({ length: Math.ceil((to - from) / size) }, (_, i) => from + i * size);
  const parts = await mapConcurrent(starts, rangeConcurrency, async (start) => {
    const rows: FaceRow[] = [];
    const pages = facesBetween(store.table, set.id, start, Math.min(to, start + size), set.fields);
    for await (const page of pages) {
      for (const face of page) {
        if (isTombstone(face)) continue;
        const { number, box, externalImageId, fields, vector } = face;
        rows.push({ number, faceId: ids.idOf(number), box, externalImageId, fields, vector });
      }
    }
    return rows;
  });
  return parts.flat();
}
