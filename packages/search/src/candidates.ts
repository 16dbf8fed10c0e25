import type { Steps } from '@openfrs/contract/steps';
import type { Block } from './block.ts';

/** Below any cosine's bound, and finite: a dead row's -Infinity must not reach it. */
const none = -4;
/** Lower bounds beyond ±1.25 count as if they were there: no cosine is below -1, and one that counts as less is safe. */
const lowest = -1.25;
const perUnit = 1600;
const bins = Math.ceil(2.5 * perUnit) + 1;

/** Rows that are offered for each hit in a set of 100,000; more grow the arrays. */
const roomPerHit = 10;

/** Rows that may be among the best k, of all blocks scanned so far. */
export class Candidates {
  private readonly blocks: Block[] = [];
  /** How many there were when each block was entered. */
  private readonly starts: number[] = [];
  /** How many. */
  private size = 0;
  /** Of each: its row, the upper bound of its cosine. */
  private rows: Int32Array;
  private uppers: Float64Array;
  /**
   * How many lower bounds fell into each bin, and above `floorBin`: the k-th highest lower bound is found to a bin (0.0006)
   * in constant time, where a heap would take logarithmic time a row.
   */
  private readonly lowers = new Int32Array(bins);
  private floorBin = 0;
  private atOrAbove = 0;
  private readonly k: number;
  private readonly minCosine: number;

  constructor(k: number, minCosine: number) {
    this.k = k;
    const room = Math.max(1024, Math.min(roomPerHit * k, 16_384));
    this.rows = new Int32Array(room);
    this.uppers = new Float64Array(room);
    this.minCosine = Math.max(none, minCosine);
  }

  /** No row whose upper bound is below can be a hit: `k` rows are surely at or above it. */
  get threshold(): number {
    if (this.atOrAbove < this.k) return this.minCosine;
    // A little lower, for the roundings of the bin's edge.
    return Math.max(this.minCosine, lowest + this.floorBin / perUnit - 1e-9);
  }

  /** The rows offered from now on are this block's; it may have been entered before. */
  enter(block: Block): void {
    this.blocks.push(block);
    this.starts.push(this.size);
  }

  /** A row whose cosine is within `error` of `estimate`. */
  offer(row: number, estimate: number, error: number): void {
    if (this.size === this.rows.length) this.grow();
    this.rows[this.size] = row;
    this.uppers[this.size] = estimate + error;
    this.size += 1;
    const bin = Math.max(0, Math.min(bins - 1, Math.floor((estimate - error - lowest) * perUnit)));
    this.lowers[bin]! += 1;
    if (bin < this.floorBin) return;
    this.atOrAbove += 1;
    while (this.atOrAbove - this.lowers[this.floorBin]! >= this.k) {
      this.atOrAbove -= this.lowers[this.floorBin]!;
      this.floorBin += 1;
    }
  }

  /** The rows that the final threshold leaves, ascending block by block. */
  *remaining(): Steps<{ readonly count: number; readonly rows: Map<Block, Int32Array> }> {
    const { threshold, size, uppers, rows, starts } = this;
    const left = new Int32Array(size);
    let count = 0;
    const byBlock = new Map<Block, Int32Array>();
    for (const [b, block] of this.blocks.entries()) {
      const from = count;
      for (let i = starts[b]!; i < (starts[b + 1] ?? size); i += 1) {
        if (uppers[i]! >= threshold) left[count++] = rows[i]!;
      }
      if (count > from) byBlock.set(block, joined(byBlock.get(block), left.subarray(from, count)));
      yield;
    }
    return { count, rows: byBlock };
  }

  private grow(): void {
    const { rows, uppers, size } = this;
    this.rows = new Int32Array(size * 2);
    this.rows.set(rows);
    this.uppers = new Float64Array(size * 2);
    this.uppers.set(uppers);
  }
}

/** Both, ascending. */
function joined(before: Int32Array | undefined, rows: Int32Array): Int32Array {
  if (before === undefined) return rows.sort();
  const both = new Int32Array(before.length + rows.length);
  both.set(before);
  both.set(rows, before.length);
  return both.sort();
}
