import type { Block } from './block.ts';
import { cosineOf, dot, squaredLength } from './cosine.ts';
import { type Bitmap, rowsOf } from './filter/bitmap.ts';
import type { Probe } from './quantise.ts';
import { byCosine } from './scored.ts';
import type { Hit, SearchOptions } from './types.ts';

/** Rows to be grouped: `group[i]` is the person of the i-th, `number[i]` its number, `vectors[block[i]]` at `at[i]` its vector. */
interface Members {
  readonly group: number[];
  readonly number: number[];
  readonly block: number[];
  readonly at: number[];
  readonly vectors: Float32Array[];
}

/**
 * The persons most like each query. A person's template is the mean of its (matching) rows' directions, normalised: its
 * cosine is that of the directions' sum. All columns and vectors must be in memory.
 */
export function searchGroups(
  blocks: readonly Block[],
  matches: readonly (Bitmap | undefined)[],
  probes: readonly Probe[],
  options: SearchOptions,
): Hit[][] {
  const dimension = probes[0]?.vector.length ?? 0;
  const members = collect(blocks, matches, dimension);
  const hits: Hit[][] = probes.map(() => []);
  for (const group of byGroup(members)) {
    for (const [p, probe] of probes.entries()) {
      const hit = personHit(members, group, probe);
      if (hit.cosine >= options.minCosine) hits[p]!.push(hit);
    }
  }
  return hits.map((list) => list.sort(byCosine).slice(0, options.topN));
}

function collect(
  blocks: readonly Block[],
  matches: readonly (Bitmap | undefined)[],
  dimension: number,
): Members {
  const members: Members = { group: [], number: [], block: [], at: [], vectors: [] };
  const groups = new Map<string, number>();
  for (const [b, block] of blocks.entries()) {
    if (!block.columns || !block.vectors) throw new Error('Groups need all parts of every segment');
    const rows = rowsOf((matches[b] ?? block.alive).subarray(0, Math.ceil(block.rows / 32)));
    const { codes, dictionary } = block.columns.externalImageId;
    const groupOfCode = new Int32Array(dictionary.size + 1).fill(-1);
    for (const row of rows) {
      const code = codes[row]!;
      if (groupOfCode[code]! < 0) {
        const name = dictionary.text(code) ?? '';
        const group = groups.get(name) ?? groups.size;
        groups.set(name, group);
        groupOfCode[code] = group;
      }
      members.group.push(groupOfCode[code]!);
      members.number.push(block.numbers[row]!);
      members.block.push(b);
      members.at.push(row * dimension);
    }
    members.vectors[b] = block.vectors;
  }
  return members;
}

/** The members' places, group by group. */
function* byGroup({ group }: Members): Generator<Int32Array> {
  const starts = new Int32Array(group.reduce((most, id) => Math.max(most, id), -1) + 2);
  for (const id of group) starts[id + 1]! += 1;
  for (let id = 1; id < starts.length; id += 1) starts[id]! += starts[id - 1]!;
  const next = starts.slice();
  const places = new Int32Array(group.length);
  for (const [place, id] of group.entries()) {
    places[next[id]!] = place;
    next[id]! += 1;
  }
  for (let id = 0; id + 1 < starts.length; id += 1) yield places.subarray(starts[id], starts[id + 1]);
}

function personHit(members: Members, places: Int32Array, probe: Probe): Hit {
  const { vector, squared } = probe;
  const sum = new Float64Array(places.length > 1 ? vector.length : 0);
  let best: Hit = { number: Number.POSITIVE_INFINITY, cosine: Number.NEGATIVE_INFINITY };
  for (const place of places) {
    const vectors = members.vectors[members.block[place]!]!;
    const at = members.at[place]!;
    const rowSquared = squaredLength(vectors, at, vector.length);
    const cosine = cosineOf(dot(vector, vectors, at), squared, rowSquared);
    const hit = { number: members.number[place]!, cosine };
    if (byCosine(hit, best) < 0) best = hit;
    if (rowSquared === 0) continue;
    const perLength = 1 / Math.sqrt(rowSquared);
    for (let i = 0; i < sum.length; i += 1) sum[i]! += vectors[at + i]! * perLength;
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
