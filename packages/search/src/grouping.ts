import type { Steps } from '@openfrs/contract/steps';
import type { Block } from './block.ts';
import { squaredLength } from './cosine.ts';
import { type Bitmap, hasRow, rowsOf } from './filter/bitmap.ts';
import type { SearchOptions } from './types.ts';

/** Rows that are looked at between two pauses; what a row costs is some 1000 multiplications. */
export const rowsAtOnce = 1024;

/** How much a row counts in its person's template. */
type WeightOf = NonNullable<SearchOptions['weightOf']>;

/**
 * Persons and their rows. Group g's rows are at the places `starts[g]` to `starts[g + 1]`: `number` of a row, its vector in
 * `vectors[block[place]]` from `at[place]` on, and its `share`: its weight over its length. The template is Σ share · vector.
 */
export interface Grouping {
  readonly groups: number;
  readonly starts: Int32Array;
  readonly number: Float64Array;
  readonly block: Uint16Array;
  readonly at: Float64Array;
  readonly share: Float64Array;
  /** Each template's squared length; 0 where directions cancel out to the last digits: such a mean has no direction. */
  readonly squared: Float64Array;
  readonly vectors: readonly Float32Array[];
  readonly bytes: number;
}

/** The rows that match by `external_image_id`, and what of their templates no query changes. */
export function* groupRows(
  blocks: readonly Block[],
  matches: readonly (Bitmap | undefined)[],
  dimension: number,
  weightOf: WeightOf | undefined,
): Steps<Grouping> {
  const members = yield* collect(blocks, matches, dimension);
  const grouping = yield* inGroups(members);
  yield* weigh(grouping, dimension, weightOf);
  return grouping;
}

/** Rows as they lie in their blocks: `group[i]` is the person of the i-th. */
interface Members {
  readonly count: number;
  readonly groups: number;
  readonly group: Int32Array;
  readonly number: Float64Array;
  readonly block: Uint16Array;
  readonly at: Float64Array;
  readonly vectors: Float32Array[];
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
    const own = rows[b]!;
    for (let i = 0; i < own.length; i += 1) {
      if (i > 0 && i % rowsAtOnce === 0) yield;
      const row = own[i]!;
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
      number[next] = block.numberOf(row);
      ofBlock[next] = b;
      at[next] = row * dimension;
      next += 1;
    }
  }
  return { count: next, groups: groups.size, group, number, block: ofBlock, at, vectors };
}

/** The members group by group, each with a share of 1. */
function* inGroups({ count, groups, group, vectors, ...members }: Members): Steps<Grouping> {
  const starts = new Int32Array(groups + 1);
  for (let i = 0; i < count; i += 1) starts[group[i]! + 1]! += 1;
  yield;
  for (let id = 1; id < starts.length; id += 1) starts[id]! += starts[id - 1]!;
  const next = starts.slice();
  const number = new Float64Array(count);
  const block = new Uint16Array(count);
  const at = new Float64Array(count);
  for (let i = 0; i < count; i += 1) {
    if (i % (16 * rowsAtOnce) === 0) yield;
    const id = group[i]!;
    const place = next[id]!;
    next[id] = place + 1;
    number[place] = members.number[i]!;
    block[place] = members.block[i]!;
    at[place] = members.at[i]!;
  }
  const share = new Float64Array(count).fill(1);
  const squared = new Float64Array(groups);
  const bytes = 26 * count + 12 * groups;
  return { groups, starts, number, block, at, share, squared, vectors, bytes };
}

/** Fills in `share` and `squared`. */
function* weigh(grouping: Grouping, dimension: number, weightOf: WeightOf | undefined): Steps<void> {
  const { starts, share, squared, vectors, block, at } = grouping;
  const sum = new Float64Array(dimension);
  let looked = 0;
  for (let group = 0; group < grouping.groups; group += 1) {
    const [from, to] = [starts[group]!, starts[group + 1]!];
    sum.fill(0);
    let weights = 0;
    for (let place = from; place < to; place += 1) {
      looked += 1;
      if (looked % rowsAtOnce === 0) yield;
      const values = vectors[block[place]!]!;
      const own = at[place]!;
      const length = squaredLength(values, own, dimension);
      // A person of one photo is that photo, to the last digit.
      if (to - from === 1) {
        squared[group] = length;
        break;
      }
      const weight = length === 0 ? 0 : (weightOf?.(values, own) ?? 1);
      const perLength = length === 0 ? 0 : weight / Math.sqrt(length);
      share[place] = perLength;
      weights += weight;
      for (let d = 0; d < dimension; d += 1) sum[d]! += values[own + d]! * perLength;
    }
    if (to - from === 1) continue;
    let all = 0;
    for (let d = 0; d < dimension; d += 1) all += sum[d]! * sum[d]!;
    squared[group] = Math.sqrt(all) < 1e-9 * weights ? 0 : all;
  }
}
