import {
  type ByteRange,
  codesRange,
  openSegment,
  readSegmentPlan,
  type Segment,
  SegmentDamaged,
  type SegmentPart,
  type SegmentPlan,
  segmentHeaderBytes,
} from '@openfrs/search';
import { parallel } from '../records/database.ts';
import type { SegmentEntry } from '../records/meta.ts';
import { SegmentMissing, type SegmentObjects } from './objects.ts';

/** Read in ranges of this size, so many at once. */
const rangeBytes = 4 * 2 ** 20;
const ranges = 12;
/** What is read behind the searches leaves the line to them. */
const rangesBehind = 3;

export interface LoadedSegment {
  readonly entry: SegmentEntry;
  /** With its codes. */
  readonly segment: Segment;
  /**
   * Reads a further part into memory and checks it; once, however often it is asked for meanwhile.
   * @throws SegmentMissing, SegmentDamaged
   */
  bring(part: SegmentPart): Promise<void>;
}

/** Is the object itself wrong (missing, too short, changed), so that reading again won't help? */
export const isLost = (error: unknown) => error instanceof SegmentDamaged || error instanceof SegmentMissing;

/**
 * Reads what a search of a segment begins with: the int8 codes, in parallel ranges that are asked for all at once. Their
 * place follows from the number of rows; their bytes wait for the header, which says what memory to put them in.
 * @throws SegmentMissing, SegmentDamaged
 */
export async function loadSegment(
  objects: SegmentObjects,
  entry: SegmentEntry,
  dimension: number,
): Promise<LoadedSegment> {
  const opening = openHeader(objects, entry);
  // Those who wait for it report the failure.
  opening.catch(() => undefined);
  await parallel(split(codesRange(dimension, entry.rows)), ranges, (range) =>
    fill(objects, entry, opening, range),
  );
  const segment = await opening;
  segment.finish('codes');
  const coming = new Map<SegmentPart, Promise<void>>();
  return {
    entry,
    segment,
    bring(part) {
      const known = coming.get(part);
      if (known !== undefined) return known;
      const work = loadPart(objects, entry, segment, part).finally(() => coming.delete(part));
      coming.set(part, work);
      return work;
    },
  };
}

async function openHeader(objects: SegmentObjects, entry: SegmentEntry): Promise<Segment> {
  const head = new Uint8Array(segmentHeaderBytes);
  let at = 0;
  for await (const piece of await objects.read(entry.key, 0, head.length)) {
    head.set(piece, at);
    at += piece.length;
  }
  const plan = readSegmentPlan(head.subarray(0, at));
  checkEntry(entry, plan);
  return openSegment(plan);
}

async function loadPart(
  objects: SegmentObjects,
  entry: SegmentEntry,
  segment: Segment,
  part: SegmentPart,
): Promise<void> {
  if (segment.has(part)) return;
  await parallel(split(segment.plan.parts[part]), rangesBehind, (range) =>
    fill(objects, entry, Promise.resolve(segment), range),
  );
  segment.finish(part);
}

function checkEntry(entry: SegmentEntry, plan: SegmentPlan): void {
  const { rows, byteLength, firstNumber, lastNumber } = plan;
  const { codes, columns } = plan.parts;
  const hot = Math.max(codes.offset + codes.length, columns.offset + columns.length);
  const same = rows === entry.rows && byteLength === entry.bytes && hot === entry.hotBytes;
  if (!same || firstNumber < entry.from || lastNumber >= entry.to) {
    throw new SegmentDamaged(`Segment ${entry.key} is not the one that was written.`);
  }
}

/** Reads [from, to) of the file to its place in memory. */
async function fill(
  objects: SegmentObjects,
  entry: SegmentEntry,
  opening: Promise<Segment>,
  [from, to]: readonly [number, number],
): Promise<void> {
  const body = await objects.read(entry.key, from, to);
  try {
    const segment = await opening;
    let at = from;
    for await (const piece of body) {
      segment.write(at, piece);
      at += piece.length;
    }
    if (at !== to) throw new SegmentMissing(`Segment ${entry.key} ends at ${at}, before ${to}.`);
  } finally {
    body.destroy();
  }
}

function split({ offset, length }: ByteRange): [number, number][] {
  const end = offset + length;
  const pieces: [number, number][] = [];
  for (let start = offset; start < end; start += rangeBytes)
    pieces.push([start, Math.min(end, start + rangeBytes)]);
  return pieces;
}
