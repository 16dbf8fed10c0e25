import type { Steps } from '@openfrs/contract/steps';
import type { Block } from '../block.ts';
import { type Bitmap, bitmapOf } from './bitmap.ts';
import type { BoundFilter } from './bound.ts';

/** Comparisons between two yields: about a millisecond. */
const comparisons = 2 ** 18;
const maxRows = 8192;

/** Rows that are judged between two yields. */
export function rowsOfStep({ cost }: Pick<BoundFilter, 'cost'>): number {
  return Math.max(32, Math.min(maxRows, Math.floor(comparisons / Math.max(1, cost)) & ~31));
}

/**
 * The live rows of a block that match. Each row is judged by all of the filter at one moment, so one that is updated
 * meanwhile matches as it was before or as it was after.
 */
export function* matchingRows(bound: BoundFilter, block: Block): Steps<Bitmap> {
  const { rows } = block;
  const matches = bitmapOf(rows);
  const size = rowsOfStep(bound);
  for (let from = 0; from < rows; from += size) {
    const to = Math.min(rows, from + size);
    const out = matches.subarray(from >> 5, Math.ceil(to / 32));
    bound.match(from, to, out);
    for (let word = 0; word < out.length; word += 1) out[word]! &= block.alive[(from >> 5) + word]!;
    if (to < rows) yield;
  }
  return matches;
}

/** Does a row match now? */
export function isMatching({ match }: BoundFilter, block: Block, row: number): boolean {
  const from = row & ~31;
  const out = new Uint32Array(1);
  match(from, Math.min(block.rows, from + 32), out);
  return ((out[0]! >>> (row & 31)) & 1) === 1;
}
