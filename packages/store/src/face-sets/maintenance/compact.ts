import type { FaceSet } from '@openfrs/core';
import { encodeSegment, type FaceRow, readSegmentPlan, segmentHeaderBytes } from '@openfrs/search';
import { idsOf } from '../protocol/visibility.ts';
import { readChanges } from '../records/change-log.ts';
import { parallel } from '../../dynamodb/concurrency.ts';
import { facesBetween, isDead } from '../records/faces.ts';
import { isGone, type Meta, readMeta, type SegmentEntry, switchSegments } from '../records/manifest.ts';
import { inFlight } from '../records/number-ranges.ts';
import { newSegmentKey } from '../segments/segment-objects.ts';
import type { Store } from '../context.ts';
import { collectGarbage } from './garbage-collection.ts';
import { type Planned, planSegments } from './compaction-plan.ts';
import { settleStale } from '../protocol/recovery.ts';

export interface Compaction {
  /** Did the set get a new list of segments? */
  readonly switched: boolean;
  readonly written: number;
  readonly rows: number;
}

export interface CompactOptions {
  /** Take up the tail however short. */
  readonly all?: boolean;
  /** Keys of segments that are missing or damaged. */
  readonly lost?: readonly string[];
}

const nothing: Compaction = { switched: false, written: 0, rows: 0 };
const stop = { ...nothing, more: false };
/** Ranges of a segment's numbers read at once, and the least they hold. */
const readers = 4;
const readerRows = 1024;

/**
 * Writes what lies outside of a set's segments, or has changed in them, into new segments, and clears away what was
 * replaced long enough ago. All comes from the records, so a lost segment is made again like any other. Any number may
 * run at once, and each may stop anywhere: only the switch of the list counts, and only one of them makes it.
 */
export async function compact(store: Store, set: FaceSet, options: CompactOptions = {}): Promise<Compaction> {
  const { database } = store;
  const first = await readMeta(database, set.id);
  if (isGone(first)) return nothing;
  const meta = (await settleStale(store, first)) === 0 ? first : await readMeta(database, set.id);
  if (isGone(meta)) return nothing;
  const done = { ...nothing };
  const revisions: SegmentRevisions = new Map();
  for (let now: Meta | undefined = meta; !isGone(now); now = await readMeta(database, set.id)) {
    const { switched, written, rows, more } = await rewrite(store, set, now, options, revisions);
    done.switched ||= switched;
    done.written += written;
    done.rows += rows;
    if (!more) break;
  }
  await collectGarbage(store, set.id);
  return done;
}

/** What is written is switched to before it can be taken for left behind. */
const shareOfGrace = 0.25;

/** The revision up to which segments that this compaction wrote have all changes, by key. */
type SegmentRevisions = Map<string, number>;

/** One switch of the list: of all that is planned, or as much of it as is written in time (then there is `more`). */
async function rewrite(
  store: Store,
  set: FaceSet,
  meta: Meta,
  options: CompactOptions,
  revisions: SegmentRevisions,
): Promise<Compaction & { readonly more: boolean }> {
  const { database, limits, segments: objects } = store;
  // What is settled: below the lowest number of an add in flight, before the lowest change in flight.
  const flying = inFlight(meta);
  const end = Math.min(meta.next, ...flying.ranges.map((range) => range.from));
  const rev = Math.min(meta.rev, ...[...flying.revs].map((open) => open - 1));
  const logs = await readChanges(database, set.id, meta.logCleared + 1, rev);
  const isIn = (change: number, number: number) =>
    meta.segments.some(
      ({ key, from, to }) => number >= from && number < to && (revisions.get(key) ?? -1) >= change,
    );
  const changed = logs.flatMap((log) =>
    log.faces.map((face) => face.number).filter((number) => !isIn(log.rev, number)),
  );
  await store.step('compact:synced');
  const least = options.all ? 1 : limits.tailRows;
  const lost = new Set(options.lost ?? []);
  const plan = planSegments(meta.segments, end, changed, lost, least, limits.segmentRows);
  const fresh: string[] = [];
  let rows = 0;
  const segments: SegmentEntry[] = [];
  const begun = store.now();
  let more = false;
  for (const piece of plan) {
    more = fresh.length > 0 && store.now() - begun > shareOfGrace * limits.graceMs;
    if (more) {
      const { from } = piece.keep ?? piece;
      segments.push(...meta.segments.filter((entry) => entry.from >= from));
      break;
    }
    const entry = piece.keep ?? (await writeSegment(store, set, meta, piece));
    if (piece.keep === undefined && entry !== undefined) {
      fresh.push(entry.key);
      revisions.set(entry.key, rev);
      rows += entry.rows;
    }
    if (entry !== undefined) segments.push(entry);
  }
  await store.step('compact:written');
  const kept = new Set(segments.map((entry) => entry.key));
  const replaced = meta.segments.filter((entry) => !kept.has(entry.key));
  if (replaced.length === 0 && fresh.length === 0 && rev <= meta.logCleared) return stop;
  const at = store.now();
  const retired = [...meta.retired, ...replaced.map(({ key }) => ({ key, at }))];
  const switched = await switchSegments(database, meta, {
    segments,
    retired,
    // The changes are in the segments once all of these are written.
    logCleared: more ? meta.logCleared : Math.max(rev, meta.logCleared),
  });
  await store.step('compact:switched');
  if (!switched) {
    await objects.remove(fresh);
    return stop;
  }
  return { switched, written: fresh.length, rows, more };
}

/** Writes the faces of a range as a segment; `undefined` where there are none. */
async function writeSegment(
  store: Store,
  set: FaceSet,
  meta: Meta,
  { from, to }: Exclude<Planned, { keep: SegmentEntry }>,
): Promise<SegmentEntry | undefined> {
  const rows = await readRows(store, set, meta, from, to);
  if (rows.length === 0) return undefined;
  const bytes = encodeSegment({ dimension: set.dimension, fields: set.fields }, rows);
  const { codes, columns } = readSegmentPlan(bytes.subarray(0, segmentHeaderBytes)).parts;
  const key = newSegmentKey(set.id);
  await store.segments.write(key, bytes);
  return {
    key,
    from,
    to,
    rows: rows.length,
    bytes: bytes.length,
    hotBytes: Math.max(codes.offset + codes.length, columns.offset + columns.length),
  };
}

async function readRows(
  store: Store,
  set: FaceSet,
  meta: Meta,
  from: number,
  to: number,
): Promise<FaceRow[]> {
  const ids = idsOf(meta);
  const size = Math.max(readerRows, Math.ceil((to - from) / readers));
  const starts = Array.from({ length: Math.ceil((to - from) / size) }, (_, i) => from + i * size);
  const parts = await parallel(starts, readers, async (start) => {
    const rows: FaceRow[] = [];
    const pages = facesBetween(store.database, set.id, start, Math.min(to, start + size), set.fields);
    for await (const page of pages) {
      for (const face of page) {
        if (isDead(face)) continue;
        const { number, box, externalImageId, fields, vector } = face;
        rows.push({ number, faceId: ids.idOf(number), box, externalImageId, fields, vector });
      }
    }
    return rows;
  });
  return parts.flat();
}
