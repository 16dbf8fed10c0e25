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
import { mapConcurrent } from '../../dynamodb/concurrency.ts';
import type { SegmentEntry } from '../records/manifest.ts';
import { eachPiece } from './each-piece.ts';
import { SegmentMissing, type SegmentObjects } from './segment-objects.ts';

/** Segments are read in ranges of this size, so many at once. */
const rangeBytes = 8 * 2 ** 20;
const rangeConcurrency = 8;
/** Background fills leave most of the line to the searches. */
const fillConcurrency = 3;

/** Bytes [from, to) of a file. */
type Range = readonly [from: number, to: number];

export interface LoadedSegment {
  readonly entry: SegmentEntry;
  /** With its codes. */
  readonly segment: Segment;
  /**
   * Reads a further part into memory and checks it; once, however often it is asked for meanwhile.
   * @throws SegmentMissing, SegmentDamaged
   */
  loadPart(part: SegmentPart): Promise<void>;
}

/** Is the object itself wrong (missing, too short, changed), so that reading again won't help? */
export const isUnreadable = (error: unknown) =>
  error instanceof SegmentDamaged || error instanceof SegmentMissing;

/**
 * Reads what a search of a segment begins with: header and int8 codes, in parallel ranges that are asked for all at once, as
 * their place follows from the number of rows.
 * @throws SegmentMissing, SegmentDamaged, SegmentNewer
 */
export async function loadSegment(
  objects: SegmentObjects,
  entry: SegmentEntry,
  { dimension, rowsOfSet }: { readonly dimension: number; readonly rowsOfSet: number },
): Promise<LoadedSegment> {
  const { offset, length } = codesRange(dimension, entry.rows);
  const receiver = new SegmentReceiver(entry, rowsOfSet);
  await mapConcurrent(split({ offset: 0, length: offset + length }), rangeConcurrency, (range) =>
    readRange(objects, entry, range, (at, piece) => receiver.take(at, piece)),
  );
  const segment = receiver.opened();
  await segment.finishInSlices('codes');
  const loading = new Map<SegmentPart, Promise<void>>();
  return {
    entry,
    segment,
    loadPart(part) {
      const known = loading.get(part);
      if (known !== undefined) return known;
      const work = readPart(objects, entry, segment, part).finally(() => loading.delete(part));
      loading.set(part, work);
      return work;
    },
  };
}

/** Collects the ranges of a segment's file: what comes before the header is whole is kept, and the header opens the segment. */
class SegmentReceiver {
  private readonly entry: SegmentEntry;
  private readonly rowsOfSet: number;
  private segment: Segment | undefined;
  private head = Buffer.alloc(0);
  private early: (readonly [at: number, piece: Buffer])[] = [];

  constructor(entry: SegmentEntry, rowsOfSet: number) {
    this.entry = entry;
    this.rowsOfSet = rowsOfSet;
  }

  /** Bytes of the file from `at` on; those of one range in their order. @throws SegmentDamaged, SegmentNewer */
  take(at: number, piece: Buffer): void {
    if (this.segment !== undefined) {
      writeCodes(this.segment, at, piece);
      return;
    }
    this.early.push([at, piece]);
    if (at !== this.head.length) return;
    this.head = Buffer.concat([this.head, piece]);
    if (this.head.length < segmentHeaderBytes) return;
    const plan = readSegmentPlan(this.head);
    checkEntry(this.entry, plan);
    this.segment = openSegment(plan, this.rowsOfSet);
    for (const [from, bytes] of this.early.splice(0)) writeCodes(this.segment, from, bytes);
  }

  /** @throws SegmentMissing there was no header */
  opened(): Segment {
    if (this.segment === undefined) throw endsEarly(this.entry, this.head.length, segmentHeaderBytes);
    return this.segment;
  }
}

/** What was read ahead beyond the codes is dropped: a part's memory is taken when the part is read. */
function writeCodes(segment: Segment, at: number, piece: Buffer): void {
  const { offset, length } = segment.plan.parts.codes;
  if (at < offset + length) segment.write(at, piece.subarray(0, offset + length - at));
}

async function readPart(
  objects: SegmentObjects,
  entry: SegmentEntry,
  segment: Segment,
  part: SegmentPart,
): Promise<void> {
  if (segment.has(part)) return;
  await mapConcurrent(split(segment.plan.parts[part]), fillConcurrency, (range) =>
    readRange(objects, entry, range, (at, piece) => segment.write(at, piece)),
  );
  await segment.finishInSlices(part);
}

function checkEntry(entry: SegmentEntry, plan: SegmentPlan): void {
  const { rows, byteLength, firstNumber, lastNumber } = plan;
  const { codes, columns } = plan.parts;
  const coldRead = Math.max(codes.offset + codes.length, columns.offset + columns.length);
  const same = rows === entry.rows && byteLength === entry.bytes && coldRead === entry.coldReadBytes;
  if (!same || firstNumber < entry.from || lastNumber >= entry.to) {
    throw new SegmentDamaged(`Segment ${entry.key} is not the one that was written.`);
  }
}

/** Reads bytes [from, to) of the file, and hands on each piece with its offset. */
async function readRange(
  objects: SegmentObjects,
  entry: SegmentEntry,
  [from, to]: Range,
  take: (at: number, piece: Buffer) => void,
): Promise<void> {
  const body = await objects.read(entry.key, from, to);
  try {
    let at = from;
    await eachPiece(body, (piece) => {
      take(at, piece);
      at += piece.length;
    });
    if (at !== to) throw endsEarly(entry, at, to);
  } finally {
    body.destroy();
  }
}

const endsEarly = (entry: SegmentEntry, at: number, end: number) =>
  new SegmentMissing(`Segment ${entry.key} ends at ${at}, before ${end}.`);

function split({ offset, length }: ByteRange): Range[] {
  const end = offset + length;
  const pieces: Range[] = [];
  for (let start = offset; start < end; start += rangeBytes)
    pieces.push([start, Math.min(end, start + rangeBytes)]);
  return pieces;
}
