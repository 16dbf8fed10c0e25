import type { Steps } from '@openfrs/contract/steps';
import type { Block } from './block.ts';
import { cosineOf, dot, squaredLength } from './cosine.ts';
import { hasRow } from './filter/bitmap.ts';
import type { Probe } from './quantise.ts';
import type { Search } from './scan.ts';
import { Scored } from './scored.ts';
import type { VectorReader } from './types.ts';

/** Candidates that are compared between two pauses, at most a kernel's chunk: 1024 of 512 dimensions are 2 MB. */
const rowsAtOnce = 1024;

/** A search whose candidates in memory have their exact cosines. */
export interface Rescored {
  readonly probe: Probe;
  readonly scored: Scored;
  /** The numbers of candidates whose vectors aren't in memory. */
  readonly absent: readonly number[];
  /** Was a candidate removed since it was found? What it had pushed aside may be missing. */
  readonly isStale: boolean;
}

/** Compares the candidates whose vectors are in memory. */
export function* rescoreInMemory({ candidates, probe }: Search): Steps<Rescored> {
  const { count, rows: rowsOf } = yield* candidates.remaining();
  const scored = new Scored(count);
  const absent: number[] = [];
  let isStale = false;
  for (const [block, rows] of rowsOf) {
    for (let start = 0; start < rows.length; start += rowsAtOnce) {
      if (start > 0) yield;
      const asked = rows.subarray(start, start + rowsAtOnce);
      const live = asked.filter((row) => hasRow(block.alive, row));
      isStale ||= live.length < asked.length;
      if (block.vectors) {
        scoreResident(block, block.vectors, live, probe, scored);
      } else {
        for (const row of live) absent.push(block.numberOf(row));
      }
    }
  }
  return { probe, scored, absent, isStale };
}

/**
 * Compares the rest, whose vectors are read, all at once. Rows for which `isLive` says no after that were removed meanwhile,
 * and are left out.
 */
export async function rescoreAbsent(
  { absent, probe, scored }: Rescored,
  isLive: (number: number) => boolean,
  read: VectorReader | undefined,
): Promise<void> {
  if (!read) throw new RangeError('A search without the vectors in memory or a way to read them');
  for (const [i, vector] of (await readVectors(read, absent, probe.vector.length)).entries()) {
    if (vector && isLive(absent[i]!)) score1(absent[i]!, vector, 0, probe, scored);
  }
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
    for (const row of rows) score1(block.numberOf(row), vectors, row * dimension, probe, scored);
    return;
  }
  const products = kernel.rescore(vectors.byteOffset, rows, probe.vector);
  for (let i = 0; i < rows.length; i += 1) {
    scored.add(block.numberOf(rows[i]!), cosineOf(products[2 * i]!, probe.squared, products[2 * i + 1]!));
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
