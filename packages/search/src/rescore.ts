import type { Block } from './block.ts';
import { cosineOf, dot, squaredLength } from './cosine.ts';
import { maxChunk } from './kernel/kernel.ts';
import type { Probe } from './quantise.ts';
import type { Search } from './scan.ts';
import type { Hit } from './types.ts';

/** Most similar first; ties by number. */
export function byCosine(a: Hit, b: Hit): number {
  return b.cosine - a.cosine || a.number - b.number;
}

/** Rows' numbers and exact cosines, side by side. */
interface Scored {
  readonly numbers: number[];
  readonly cosines: number[];
}

/**
 * The best `topN` of a search's candidates by their exact cosines, those below `minCosine` left out. Reads vectors that
 * aren't in memory; rows for which `isThere` says no after that were removed meanwhile.
 */
export async function rescore(
  { candidates, probe }: Search,
  topN: number,
  minCosine: number,
  isThere: (number: number) => boolean,
): Promise<Hit[]> {
  const scored: Scored = { numbers: [], cosines: [] };
  const reads: Promise<void>[] = [];
  for (const [block, rows] of candidates.remaining()) {
    if (block.vectors) {
      scoreResident(block, block.vectors, rows, probe, scored);
    } else {
      const score = (vectors: Float32Array) => {
        const dimension = probe.vector.length;
        for (const [i, row] of rows.entries()) score1(block, row, vectors, i * dimension, probe, scored);
      };
      reads.push(readVectors(block, [...rows], probe.vector.length).then(score));
    }
  }
  if (reads.length === 0) return best(scored, topN, minCosine);
  await Promise.all(reads);
  return best(scored, scored.numbers.length, minCosine)
    .filter((hit) => isThere(hit.number))
    .slice(0, topN);
}

function best({ numbers, cosines }: Scored, topN: number, minCosine: number): Hit[] {
  let least = minCosine;
  if (cosines.length > topN) least = Math.max(least, Float64Array.from(cosines).sort().at(-topN)!);
  const hits: Hit[] = [];
  for (let i = 0; i < cosines.length; i += 1) {
    if (cosines[i]! >= least) hits.push({ number: numbers[i]!, cosine: cosines[i]! });
  }
  return hits.sort(byCosine).slice(0, topN);
}

/** In the kernel where the vectors lie in its memory, else here: the same sums to the bit. */
function scoreResident(
  block: Block,
  vectors: Float32Array,
  rows: Int32Array,
  probe: Probe,
  scored: Scored,
): void {
  const { kernel } = block.quantised.region;
  const dimension = probe.vector.length;
  if (kernel?.buffer !== vectors.buffer) {
    for (const row of rows) score1(block, row, vectors, row * dimension, probe, scored);
    return;
  }
  for (let start = 0; start < rows.length; start += maxChunk) {
    const asked = rows.subarray(start, start + maxChunk);
    const products = kernel.rescore(vectors.byteOffset, asked, probe.vector);
    for (let i = 0; i < asked.length; i += 1) {
      scored.numbers.push(block.numbers[asked[i]!]!);
      scored.cosines.push(cosineOf(products[2 * i]!, probe.squared, products[2 * i + 1]!));
    }
  }
}

function score1(
  block: Block,
  row: number,
  vectors: Float32Array,
  at: number,
  probe: Probe,
  scored: Scored,
): void {
  const { vector, squared } = probe;
  scored.numbers.push(block.numbers[row]!);
  scored.cosines.push(cosineOf(dot(vector, vectors, at), squared, squaredLength(vectors, at, vector.length)));
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
