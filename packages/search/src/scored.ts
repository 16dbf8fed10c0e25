import type { Steps } from '@openfrs/contract/steps';
import type { Hit } from './types.ts';

/** So many are put in order at once: a few milliseconds, where all of them tie. */
const sortedAtOnce = 16_384;

/** Most similar first; ties by number. */
export function byCosine(a: Hit, b: Hit): number {
  return b.cosine - a.cosine || a.number - b.number;
}

/** Numbers and exact cosines, of which the best are asked for. */
export class Scored {
  private readonly numbers: Float64Array;
  private readonly cosines: Float64Array;
  private size = 0;

  /** @param room for how many */
  constructor(room: number) {
    this.numbers = new Float64Array(room);
    this.cosines = new Float64Array(room);
  }

  add(number: number, cosine: number): void {
    this.numbers[this.size] = number;
    this.cosines[this.size] = cosine;
    this.size += 1;
  }

  /** The `topN` most similar at or above `minCosine`, ties by number. */
  *best(topN: number, minCosine: number): Steps<Hit[]> {
    let best: Hit[] = [];
    for (let from = 0; from < this.size; from += sortedAtOnce) {
      if (from > 0) yield;
      const to = Math.min(this.size, from + sortedAtOnce);
      const some = bestOf(this.numbers.subarray(from, to), this.cosines.subarray(from, to), topN, minCosine);
      best = best.length === 0 ? some : [...best, ...some].sort(byCosine).slice(0, topN);
    }
    return best;
  }
}

function bestOf(numbers: Float64Array, cosines: Float64Array, topN: number, minCosine: number): Hit[] {
  const size = cosines.length;
  // Numbers alone are sorted without a call for each comparison, some four times as fast as hits.
  const sorted = cosines.slice().sort();
  const least = Math.max(minCosine, sorted[size - topN] ?? minCosine);
  const first = countBelow(sorted, least);
  const hits = new Array<Hit>(size - first);
  /** Of those with the same cosine, how many have found their place. */
  const placed = new Uint32Array(size);
  for (let i = 0; i < size; i += 1) {
    const cosine = cosines[i]!;
    if (cosine < least) continue;
    const lowest = countBelow(sorted, cosine);
    hits[size - 1 - lowest - placed[lowest]!] = { number: numbers[i]!, cosine };
    placed[lowest]! += 1;
  }
  // By their cosines they are in order; those that tie are as they came.
  for (let i = 1; i < hits.length; i += 1) {
    if (byCosine(hits[i - 1]!, hits[i]!) > 0) return hits.sort(byCosine).slice(0, topN);
  }
  return hits.slice(0, topN);
}

/** How many of the ascending numbers are below `least`. */
function countBelow(sorted: Float64Array, least: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
