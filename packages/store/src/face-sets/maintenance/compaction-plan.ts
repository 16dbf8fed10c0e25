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
 * Which segments a compaction keeps and which it writes. Written are those with changed faces, those that are lost, and
 * the tail. Neighbours grow together as long as the left one isn't more than twice as large: so each face is
 * written anew a few times only (as in a log-structured merge tree), and segments stay few.
 * @param end numbers below it are settled
 * @param changed numbers of faces that changed since the segments were written
 * @param least a shorter tail is left where it is
 * @param most rows of a segment
 */
export function planSegments(
  segments: readonly SegmentEntry[],
  end: number,
  changed: readonly number[],
  lost: ReadonlySet<string>,
  least: number,
  most: number,
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
  if (end - start >= Math.max(1, least)) {
    for (let from = start; from < end; from += most) {
      const to = Math.min(end, from + most);
      pieces.push({ from, to, rows: to - from, keep: undefined });
    }
  }
  const merged: Piece[] = [];
  for (const piece of pieces) {
    let last = piece;
    for (let left = merged.at(-1); left !== undefined && canMerge(left, last, most); left = merged.at(-1)) {
      merged.pop();
      last = { from: left.from, to: last.to, rows: left.rows + last.rows, keep: undefined };
    }
    merged.push(last);
  }
  return merged.map(({ from, to, keep }) => (keep === undefined ? { from, to } : { keep }));
}

function canMerge(left: Piece, right: Piece, most: number): boolean {
  const written = left.keep === undefined || right.keep === undefined;
  return written && left.rows + right.rows <= most && left.rows <= 2 * right.rows;
}
