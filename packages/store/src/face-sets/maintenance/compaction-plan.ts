import type { SegmentEntry } from '../records/manifest.ts';

/** A range of numbers: kept as it is, or written anew. */
export type Planned =
  | { readonly keep: SegmentEntry }
  | { readonly keep?: undefined; readonly from: number; readonly to: number };

interface Piece {
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  readonly keep: SegmentEntry | undefined;
}

/**
 * Which segments a compaction keeps and which it writes: those with changed faces, lost ones, and the tail. Neighbours merge while
 * the left one isn't more than twice as large, so each face is rewritten a few times only (as in an LSM tree) and segments stay few.
 * @param end numbers below it are committed
 * @param changed numbers of faces that changed since the segments were written
 * @param minTail a shorter tail is left where it is
 * @param maxRows rows of a segment
 */
export function planSegments(
  segments: readonly SegmentEntry[],
  end: number,
  changed: readonly number[],
  lost: ReadonlySet<string>,
  minTail: number,
  maxRows: number,
): Planned[] {
  const dirty = (entry: SegmentEntry) =>
    lost.has(entry.key) || changed.some((number) => number >= entry.from && number < entry.to);
  const pieces: Piece[] = segments.map((entry) => ({
    from: entry.from,
    to: entry.to,
    rows: entry.rows,
    keep: dirty(entry) ? undefined : entry,
  }));
  const start = segments.at(-1)?.to ?? 0;
  if (end - start >= Math.max(1, minTail)) {
    for (let from = start; from < end; from += maxRows) {
      const to = Math.min(end, from + maxRows);
      pieces.push({ from, to, rows: to - from, keep: undefined });
    }
  }
  const merged: Piece[] = [];
  for (const piece of pieces) {
    let last = piece;
    for (
      let left = merged.at(-1);
      left !== undefined && canMerge(left, last, maxRows);
      left = merged.at(-1)
    ) {
      merged.pop();
      last = { from: left.from, to: last.to, rows: left.rows + last.rows, keep: undefined };
    }
    merged.push(last);
  }
  return merged.map(({ from, to, keep }) => (keep === undefined ? { from, to } : { keep }));
}

function canMerge(left: Piece, right: Piece, maxRows: number): boolean {
  const written = left.keep === undefined || right.keep === undefined;
  return written && left.rows + right.rows <= maxRows && left.rows <= 2 * right.rows;
}
