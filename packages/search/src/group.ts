import type { Block } from './block.ts';
import { cosineOf, dot, squaredLength } from './cosine.ts';
import { type Bitmap, hasRow, rowsOf } from './filter/bitmap.ts';
import type { Probe } from './quantise.ts';
import { byCosine } from './scored.ts';
import type { Steps } from './steps.ts';
import type { Hit, SearchOptions } from './types.ts';

/** Rows that are looked at between two pauses; what a row costs is some 1000 multiplications a query. */
const rowsAtOnce = 1024;

/** Rows to be grouped: `group[i]` is the person of the i-th, `number[i]` its number, `vectors[block[i]]` at `at[i]` its vector. */
interface Members {
  readonly count: number;
  readonly groups: number;
  readonly group: Int32Array;
  readonly number: Float64Array;
  readonly block: Uint16Array;
  readonly at: Float64Array;
  readonly vectors: Float32Array[];
}

/**
 * The persons most like each query. A person's template is the mean of its (matching) rows' directions, normalised: its
 * cosine is that of the directions' sum. All columns and vectors must be in memory.
 */
export function* searchGroups(
  blocks: readonly Block[],
  matches: readonly (Bitmap | undefined)[],
  probes: readonly Probe[],
  options: SearchOptions,
): Steps<Hit[][]> {
  const dimension = probes[0]?.vector.length ?? 0;
  const members = yield* collect(blocks, matches, dimension);
  const { places, starts } = yield* inGroups(members);
  const best = probes.map(() => new Best(options.topN));
  let looked = 0;
  for (let group = 0; group < members.groups; group += 1) {
    const own = places.subarray(starts[group], starts[group + 1]);
    looked += own.length;
    for (const [p, probe] of probes.entries()) {
      const hit = yield* personHit(members, own, probe);
      if (hit.cosine >= options.minCosine) best[p]!.add(hit);
    }
    if (looked < rowsAtOnce) continue;
    looked = 0;
    yield;
  }
  return best.map((some) => some.inOrder());
}

/** The best so many of hits that come one by one. */
class Best {
  private readonly most: number;
  private hits: Hit[] = [];

  constructor(most: number) {
    this.most = most;
  }

  add(hit: Hit): void {
    this.hits.push(hit);
    if (this.hits.length >= 2 * this.most + 1000) this.hits = this.inOrder();
  }

  inOrder(): Hit[] {
    return this.hits.sort(byCosine).slice(0, this.most);
  }
}

function* collect(
  blocks: readonly Block[],
  matches: readonly (Bitmap | undefined)[],
  dimension: number,
): Steps<Members> {
  const rows = blocks.map((block, b) =>
    rowsOf((matches[b] ?? block.alive).subarray(0, Math.ceil(block.rows / 32))),
  );
  const count = rows.reduce((sum, some) => sum + some.length, 0);
  const group = new Int32Array(count);
  const number = new Float64Array(count);
  const ofBlock = new Uint16Array(count);
  const at = new Float64Array(count);
  const vectors: Float32Array[] = [];
  const groups = new Map<string, number>();
  let next = 0;
  for (const [b, block] of blocks.entries()) {
    if (!block.columns || !block.vectors) throw new Error('Groups need all parts of every segment');
    const { externalImageId } = block.columns;
    const groupOfCode = new Map<number, number>();
    vectors[b] = block.vectors;
    for (const [i, row] of rows[b]!.entries()) {
      if (i > 0 && i % rowsAtOnce === 0) yield;
      // Removed since; its person is made of the others.
      if (!hasRow(block.alive, row)) continue;
      const code = externalImageId.codes[row]!;
      let known = groupOfCode.get(code);
      if (known === undefined) {
        const name = externalImageId.dictionary.text(code) ?? '';
        known = groups.get(name) ?? groups.size;
        groups.set(name, known);
        groupOfCode.set(code, known);
      }
      group[next] = known;
      number[next] = block.numbers[row]!;
      ofBlock[next] = b;
      at[next] = row * dimension;
      next += 1;
    }
  }
  return { count: next, groups: groups.size, group, number, block: ofBlock, at, vectors };
}

/** The members' places, group by group, and where each group's start. */
function* inGroups({ count, groups, group }: Members): Steps<{ places: Int32Array; starts: Int32Array }> {
  const starts = new Int32Array(groups + 1);
  for (let place = 0; place < count; place += 1) starts[group[place]! + 1]! += 1;
  yield;
  for (let id = 1; id < starts.length; id += 1) starts[id]! += starts[id - 1]!;
  const next = starts.slice();
  const places = new Int32Array(count);
  for (let place = 0; place < count; place += 1) {
    if (place % (64 * rowsAtOnce) === 0) yield;
    const id = group[place]!;
    places[next[id]!] = place;
    next[id]! += 1;
  }
  return { places, starts };
}

function* personHit(members: Members, places: Int32Array, probe: Probe): Steps<Hit> {
  const { vector, squared } = probe;
  const sum = new Float64Array(places.length > 1 ? vector.length : 0);
  let best: Hit = { number: Number.POSITIVE_INFINITY, cosine: Number.NEGATIVE_INFINITY };
  for (const [i, place] of places.entries()) {
    if (i > 0 && i % rowsAtOnce === 0) yield;
    const vectors = members.vectors[members.block[place]!]!;
    const at = members.at[place]!;
    const rowSquared = squaredLength(vectors, at, vector.length);
    const cosine = cosineOf(dot(vector, vectors, at), squared, rowSquared);
    const hit = { number: members.number[place]!, cosine };
    if (byCosine(hit, best) < 0) best = hit;
    if (rowSquared === 0) continue;
    const perLength = 1 / Math.sqrt(rowSquared);
    for (let d = 0; d < sum.length; d += 1) sum[d]! += vectors[at + d]! * perLength;
  }
  return places.length === 1
    ? best
    : { number: best.number, cosine: cosineWithSum(probe, sum, places.length) };
}

/** The cosine with a sum of `rows` directions; 0 where they cancel out to the last digits: such a mean has no direction. */
function cosineWithSum({ vector, squared }: Probe, sum: Float64Array, rows: number): number {
  let inner = 0;
  let sumSquared = 0;
  for (let i = 0; i < sum.length; i += 1) {
    inner += vector[i]! * sum[i]!;
    sumSquared += sum[i]! * sum[i]!;
  }
  return Math.sqrt(sumSquared) < 1e-9 * rows ? 0 : cosineOf(inner, squared, sumSquared);
}
