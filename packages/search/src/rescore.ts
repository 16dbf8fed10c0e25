import type { Block } from './block.ts';
import { cosineOf, dot, squaredLength } from './cosine.ts';
import type { Probe } from './quantise.ts';
import type { Candidates } from './scan.ts';
import type { Hit } from './types.ts';

/** Most similar first; ties by number. */
export function byCosine(a: Hit, b: Hit): number {
  return b.cosine - a.cosine || a.number - b.number;
}

/** The exact cosine of one row whose vector lies at `at` of `vectors`. */
export function exactCosine(probe: Probe, vectors: Float32Array, at: number): number {
  const { vector, squared } = probe;
  return cosineOf(dot(vector, vectors, at), squared, squaredLength(vectors, at, vector.length));
}

/**
 * The candidates' exact cosines, those below `minCosine` left out. Reads vectors that aren't in memory; rows
 * for which `isThere` says no after that were removed meanwhile.
 */
export async function rescore(
  candidates: Candidates,
  probe: Probe,
  minCosine: number,
  isThere: (number: number) => boolean,
): Promise<Hit[]> {
  const hits: Hit[] = [];
  const cold = new Map<Block, number[]>();
  const dimension = probe.vector.length;
  const keep = (number: number, cosine: number) => {
    if (cosine >= minCosine) hits.push({ number, cosine });
  };
  for (const place of candidates.places()) {
    const block = candidates.blocks[place]!;
    const row = candidates.rows[place]!;
    if (block.vectors) {
      keep(block.numbers[row]!, exactCosine(probe, block.vectors, row * dimension));
    } else {
      const rows = cold.get(block);
      if (rows) rows.push(row);
      else cold.set(block, [row]);
    }
  }
  if (cold.size === 0) return hits;
  await Promise.all(
    [...cold].map(async ([block, rows]) => {
      rows.sort((a, b) => a - b);
      const vectors = await readVectors(block, rows, dimension);
      for (const [i, row] of rows.entries()) {
        keep(block.numbers[row]!, exactCosine(probe, vectors, i * dimension));
      }
    }),
  );
  return hits.filter((hit) => isThere(hit.number));
}

/** Rows' vectors, one after the other, through the block's reader. @throws Error it answers another number of them */
export async function readVectors(
  block: Block,
  rows: readonly number[],
  dimension: number,
): Promise<Float32Array> {
  const vectors = await block.read!(rows);
  if (vectors.length !== rows.length * dimension) {
    throw new Error(`${vectors.length} numbers were read for ${rows.length} vectors of ${dimension}`);
  }
  return vectors;
}
