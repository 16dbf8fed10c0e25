/** Vectors to search in, one after another, and queries of the same kind. */
export interface Dataset {
  readonly kind: 'random' | 'clustered';
  readonly n: number;
  readonly dim: number;
  readonly vectors: Float32Array;
  readonly queries: readonly Float32Array[];
}

/** Photos of one person in a clustered set. */
const photos = 5;

/**
 * Unit vectors. `random`: uniform directions, the hardest for any pruning. `clustered`: as a face set is, persons of five
 * photos each whose cosines are about 0.65 (different persons: 0 ± 0.1), with less and less variance in later dimensions.
 */
export function makeDataset(kind: Dataset['kind'], n: number, dim: number, queries: number): Dataset {
  const random = normals(n + dim);
  const spread = Float64Array.from({ length: dim }, (_, i) =>
    kind === 'random' ? 1 : 1 / Math.sqrt(1 + (8 * i) / dim),
  );
  const vectors = new Float32Array(n * dim);
  const person = new Float64Array(dim);
  const fill = (vector: Float32Array, noise: number) => {
    let squared = 0;
    for (let i = 0; i < dim; i += 1) {
      vector[i] = person[i]! + noise * spread[i]! * random();
      squared += vector[i]! ** 2;
    }
    const length = Math.sqrt(squared);
    for (let i = 0; i < dim; i += 1) vector[i]! /= length;
  };
  const meet = () => {
    for (let i = 0; i < dim; i += 1) person[i] = spread[i]! * random();
  };
  const noise = kind === 'random' ? 0 : 0.73;
  for (let row = 0; row < n; row += 1) {
    if (kind === 'random' || row % photos === 0) meet();
    fill(vectors.subarray(row * dim, (row + 1) * dim), noise);
  }
  const asked = Array.from({ length: queries }, (_, q) => {
    const query = new Float32Array(dim);
    meet();
    // Half of the clustered queries are new photos of a person in the set.
    if (kind === 'clustered' && q % 2 === 0) {
      const row = (q * 9973) % n;
      for (let i = 0; i < dim; i += 1) person[i] = vectors[row * dim + i]!;
      fill(query, noise / Math.sqrt(dim));
    } else {
      fill(query, noise);
    }
    return query;
  });
  return { kind, n, dim, vectors, queries: asked };
}

/** Standard normal numbers from a repeatable generator (xorshift32, Box-Muller). */
function normals(seed: number): () => number {
  let state = seed | 1;
  const uniform = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return ((state >>> 0) + 0.5) / 4_294_967_296;
  };
  let spare: number | undefined;
  return () => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(uniform()));
    const angle = 2 * Math.PI * uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}
