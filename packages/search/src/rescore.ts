import type { Block } from './block.ts';
import { cosineOf, dot, squaredLength } from './cosine.ts';
import { maxChunk } from './kernel/kernel.ts';
import type { Probe } from './quantise.ts';
import type { Search } from './scan.ts';
import { Scored } from './scored.ts';
import type { Hit, VectorReader } from './types.ts';

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
  const { count, rows: rowsOf } = candidates.remaining();
  const scored = new Scored(count);
  const absent: number[] = [];
  for (const [block, rows] of rowsOf) {
    if (block.vectors) {
      scoreResident(block, block.vectors, rows, probe, scored);
    } else {
      for (const row of rows) absent.push(block.numbers[row]!);
    }
  }
  if (absent.length === 0) return scored.best(topN, minCosine);
  if (!read) throw new RangeError('A search without the vectors in memory or a way to read them');
  for (const [i, vector] of (await readVectors(read, absent, probe.vector.length)).entries()) {
    if (vector) score1(absent[i]!, vector, 0, probe, scored);
  }
  return scored
    .best(count, minCosine)
    .filter((hit) => isThere(hit.number))
    .slice(0, topN);
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
      scored.add(block.numbers[asked[i]!]!, cosineOf(products[2 * i]!, probe.squared, products[2 * i + 1]!));
    }
  }
}

function score1(number: number, vectors: Float32Array, at: number, probe: Probe, scored: Scored): void {
  const { vector, squared } = probe;
  scored.add(number, cosineOf(dot(vector, vectors, at), squared, squaredLength(vectors, at, vector.length)));
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
