import type { Block } from './block.ts';
import { cosineOf, dot, squaredLength } from './cosine.ts';
import { maxChunk } from './kernel/kernel.ts';
import type { Probe } from './quantise.ts';
import type { Search } from './scan.ts';
import type { Hit, VectorReader } from './types.ts';

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
 * The best `topN` of a search's candidates by their exact cosines, those below `minCosine` left out. Vectors that aren't in
 * memory are read, all at once; rows for which `isThere` says no after that were removed meanwhile.
 */
export async function rescore(
  { candidates, probe }: Search,
  topN: number,
  minCosine: number,
  isThere: (number: number) => boolean,
  read: VectorReader | undefined,
): Promise<Hit[]> {
  const scored: Scored = { numbers: [], cosines: [] };
  const absent: number[] = [];
  for (const [block, rows] of candidates.remaining()) {
    if (block.vectors) {
      scoreResident(block, block.vectors, rows, probe, scored);
    } else {
      for (const row of rows) absent.push(block.numbers[row]!);
    }
  }
  if (absent.length === 0) return best(scored, topN, minCosine);
  if (!read) throw new RangeError('A search without the vectors in memory or a way to read them');
  for (const [i, vector] of (await readVectors(read, absent, probe.vector.length)).entries()) {
    if (vector) score1(absent[i]!, vector, 0, probe, scored);
  }
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
  const { vectorsKernel: kernel } = block;
  const dimension = probe.vector.length;
  if (!kernel) {
    for (const row of rows) score1(block.numbers[row]!, vectors, row * dimension, probe, scored);
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

function score1(number: number, vectors: Float32Array, at: number, probe: Probe, scored: Scored): void {
  const { vector, squared } = probe;
  scored.numbers.push(number);
  scored.cosines.push(cosineOf(dot(vector, vectors, at), squared, squaredLength(vectors, at, vector.length)));
}

/** @throws Error the reader answers another number of vectors, or of another dimension */
async function readVectors(
  read: VectorReader,
  numbers: readonly number[],
  dimension: number,
): Promise<readonly (Float32Array | undefined)[]> {
  const vectors = await read(numbers);
  const right = vectors.every((vector) => vector === undefined || vector.length === dimension);
  if (vectors.length !== numbers.length || !right) {
    throw new Error(`${vectors.length} vectors were read for ${numbers.length} of ${dimension} numbers`);
  }
  return vectors;
}
