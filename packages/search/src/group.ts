import type { Steps } from '@openfrs/contract/steps';
import { cosineOf, dot, squaredLength } from './cosine.ts';
import { type Grouping, rowsAtOnce } from './grouping.ts';
import type { Probe } from './quantise.ts';
import { byCosine } from './scored.ts';
import type { Hit, SearchOptions } from './types.ts';

/**
 * The persons most like each query. A person's template is the mean of its rows' directions, weighted, normalised: its cosine
 * is that of the directions' weighted sum.
 */
export function* searchGroups(
  grouping: Grouping,
  probes: readonly Probe[],
  { topN, minCosine }: Pick<SearchOptions, 'topN' | 'minCosine'>,
): Steps<Hit[][]> {
  const hits: Hit[][] = [];
  for (const probe of probes) {
    const best = new Best(topN);
    let looked = 0;
    for (let group = 0; group < grouping.groups; group += 1) {
      const end = grouping.starts[group + 1]!;
      let inner = 0;
      for (let from = grouping.starts[group]!; from < end; from += rowsAtOnce) {
        const to = Math.min(end, from + rowsAtOnce);
        inner += innerOf(grouping, from, to, probe.vector);
        looked += to - from;
        if (to < end) yield;
      }
      const cosine = cosineOf(inner, probe.squared, grouping.squared[group]!);
      if (cosine >= Math.max(minCosine, best.least)) best.add({ group, cosine });
      if (looked < rowsAtOnce) continue;
      looked = 0;
      yield;
    }
    const found: Hit[] = [];
    for (const person of best.all()) found.push(yield* nearestRow(grouping, person, probe));
    hits.push(found.sort(byCosine).slice(0, topN));
  }
  return hits;
}

/** A person that may be among the best. Ties go to the lower number, that of the person's nearest row. */
interface Person {
  readonly group: number;
  readonly cosine: number;
}

/** The best so many of persons that come one by one, and all that tie with the last of them. */
class Best {
  /** Below it nobody is among the best. */
  least = Number.NEGATIVE_INFINITY;
  private readonly most: number;
  private some: Person[] = [];
  private room: number;

  constructor(most: number) {
    this.most = most;
    this.room = 2 * most + 1000;
  }

  add(one: Person): void {
    if (this.some.length === this.room) {
      this.some = this.all();
      this.room = Math.max(this.room, 2 * this.some.length);
    }
    this.some.push(one);
  }

  all(): Person[] {
    const sorted = this.some.sort((a, b) => b.cosine - a.cosine);
    if (sorted.length < this.most) return sorted;
    this.least = sorted[this.most - 1]!.cosine;
    return sorted.filter(({ cosine }) => cosine >= this.least);
  }
}

/** The inner product of a query and the rows at places [from, to), each with its share. */
function innerOf({ share, vectors, block, at }: Grouping, from: number, to: number, vector: Float32Array) {
  let inner = 0;
  for (let place = from; place < to; place += 1) {
    inner += share[place]! * dot(vector, vectors[block[place]!]!, at[place]!);
  }
  return inner;
}

/** A person as a hit: under the number of the row that is most like the query. */
function* nearestRow(grouping: Grouping, { group, cosine }: Person, probe: Probe): Steps<Hit> {
  const { starts, vectors, block, at, number } = grouping;
  const { vector, squared } = probe;
  const to = starts[group + 1]!;
  let best: Hit = { number: Number.POSITIVE_INFINITY, cosine: Number.NEGATIVE_INFINITY };
  for (let place = starts[group]!, looked = 1; place < to; place += 1, looked += 1) {
    if (looked % rowsAtOnce === 0) yield;
    const values = vectors[block[place]!]!;
    const own = squaredLength(values, at[place]!, vector.length);
    const hit = { number: number[place]!, cosine: cosineOf(dot(vector, values, at[place]!), squared, own) };
    if (byCosine(hit, best) < 0) best = hit;
  }
  return { number: best.number, cosine };
}
