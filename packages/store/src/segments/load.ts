import {
  openSegment,
  readSegmentPlan,
  type Segment,
  SegmentDamaged,
  type SegmentPart,
  type SegmentPlan,
  segmentHeaderBytes,
  type VectorReader,
} from '@openfrs/search';
import { parallel } from '../records/database.ts';
import type { SegmentEntry } from '../records/meta.ts';
import { SegmentMissing, type SegmentObjects } from './objects.ts';

/** Read in ranges of this size, so many at once. */
const rangeBytes = 4 * 2 ** 20;
const ranges = 12;
/** What is read behind the searches leaves the line to them. */
const rangesBehind = 3;
/** Rows for rescoring that lie closer than this are read together. */
const gapBytes = 64 * 1024;

export interface LoadedSegment {
  readonly entry: SegmentEntry;
  /** With its codes and columns. */
  readonly segment: Segment;
  /** Reads rows of the float32 vectors that aren't in memory. */
  readonly read: VectorReader;
  /** Reads the float32 vectors into memory. */
  loadVectors(): Promise<void>;
}

/** Is the object itself wrong (missing, too short, changed), so that reading again won't help? */
export const isLost = (error: unknown) => error instanceof SegmentDamaged || error instanceof SegmentMissing;

/**
 * Reads what a search of a segment begins with: the int8 codes and the columns, in parallel ranges.
 * @throws SegmentMissing, SegmentDamaged
 */
export async function loadSegment(objects: SegmentObjects, entry: SegmentEntry): Promise<LoadedSegment> {
  let opened: ((segment: Segment) => void) | undefined;
  let failed: ((error: unknown) => void) | undefined;
  const opening = new Promise<Segment>((resolve, reject) => {
    opened = resolve;
    failed = reject;
  });
  // Those who wait for it report the failure.
  opening.catch(() => undefined);
  await parallel(split(0, entry.hotBytes), ranges, async ([from, to]) => {
    try {
      if (from > 0) return await fill(objects, entry, await opening, from, to);
      const head = await readWhole(objects, entry, from, to);
      const segment = openSegment(readSegmentPlan(head.subarray(0, segmentHeaderBytes)));
      checkEntry(entry, segment.plan);
      opened?.(segment);
      segment.write(from, head);
    } catch (error) {
      failed?.(error);
      throw error;
    }
  });
  const segment = await opening;
  segment.finish('codes');
  segment.finish('columns');
  return {
    entry,
    segment,
    read: (rows) => readRows(objects, entry, segment.plan, rows),
    async loadVectors() {
      await loadPart(objects, entry, segment, 'vectors');
    },
  };
}

/** Reads one part of a segment and checks it. @throws SegmentMissing, SegmentDamaged */
export async function loadPart(
  objects: SegmentObjects,
  entry: SegmentEntry,
  segment: Segment,
  part: SegmentPart,
): Promise<void> {
  if (segment.has(part)) return;
  const { offset, length } = segment.plan.parts[part];
  await parallel(split(offset, offset + length), rangesBehind, ([from, to]) =>
    fill(objects, entry, segment, from, to),
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

async function fill(
  objects: SegmentObjects,
  entry: SegmentEntry,
  segment: Segment,
  from: number,
  to: number,
): Promise<void> {
  let at = from;
  for await (const piece of objects.read(entry.key, from, to)) {
    segment.write(at, piece);
    at += piece.length;
  }
  if (at !== to) throw new SegmentMissing(`Segment ${entry.key} ends at ${at}, before ${to}.`);
}

async function readWhole(
  objects: SegmentObjects,
  entry: SegmentEntry,
  from: number,
  to: number,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(to - from);
  let at = 0;
  for await (const piece of objects.read(entry.key, from, to)) {
    bytes.set(piece, at);
    at += piece.length;
  }
  if (at !== bytes.length)
    throw new SegmentMissing(`Segment ${entry.key} ends at ${from + at}, before ${to}.`);
  return bytes;
}

async function readRows(
  objects: SegmentObjects,
  entry: SegmentEntry,
  plan: SegmentPlan,
  rows: readonly number[],
): Promise<Float32Array> {
  const { dimension } = plan;
  const rowBytes = dimension * 4;
  const { offset } = plan.parts.vectors;
  const answer = new Uint8Array(rows.length * rowBytes);
  await parallel(together(rows, rowBytes), ranges, async ({ first, last, at }) => {
    const bytes = await readWhole(objects, entry, offset + first * rowBytes, offset + (last + 1) * rowBytes);
    for (let i = at; i < rows.length && (rows[i] as number) <= last; i++) {
      const start = ((rows[i] as number) - first) * rowBytes;
      answer.set(bytes.subarray(start, start + rowBytes), i * rowBytes);
    }
  });
  return new Float32Array(answer.buffer);
}

/** Groups ascending rows into ranges of rows; `at`: where the group begins in `rows`. */
function together(rows: readonly number[], rowBytes: number): { first: number; last: number; at: number }[] {
  const groups: { first: number; last: number; at: number }[] = [];
  for (const [at, row] of rows.entries()) {
    const group = groups.at(-1);
    const near = group !== undefined && (row - group.last - 1) * rowBytes <= gapBytes;
    if (near && (row - group.first + 1) * rowBytes <= rangeBytes) group.last = row;
    else groups.push({ first: row, last: row, at });
  }
  return groups;
}

function split(from: number, to: number): [number, number][] {
  const pieces: [number, number][] = [];
  for (let start = from; start < to; start += rangeBytes)
    pieces.push([start, Math.min(to, start + rangeBytes)]);
  return pieces;
}
