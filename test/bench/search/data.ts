/** Vectors to search in, one after another, and queries of the same kind. */
export interface Dataset {
  readonly kind: 'random' | 'clustered' | 'faces';
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
export function makeDataset(
  kind: 'random' | 'clustered',
  n: number,
  dim: number,
  queries: number,
  seed = n + dim,
): Dataset {
  const random = normals(seed);
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

/** Faces that a made-up one is mixed from. */
const mixed = 8;

/**
 * Unit vectors made of real faces' ones, that keep their spectrum: a person is a sum of eight of the faces with normal weights (the second
 * moment of such sums is that of the faces), five photos each, .8 of the person and .6 of another such sum (cosines of about .64).
 * Half of the queries are new photos of a person in the set, half are strangers.
 */
export function spreadFaces(
  faces: readonly Float32Array[],
  n: number,
  queries: number,
  seed = n + faces[0]!.length,
): Dataset {
  const dim = faces[0]!.length;
  const random = normals(seed);
  const sum = new Float64Array(dim);
  /** A sum of faces, of unit length. */
  const mix = () => {
    sum.fill(0);
    for (let i = 0; i < mixed; i += 1) {
      const face = faces[Math.floor(Math.abs(random()) * 1e6) % faces.length]!;
      const weight = random();
      for (let d = 0; d < dim; d += 1) sum[d]! += weight * face[d]!;
    }
    return normalise(sum, new Float64Array(dim));
  };
  const photo = (person: Float64Array, target: Float32Array) => {
    const other = mix();
    for (let d = 0; d < dim; d += 1) sum[d] = 0.8 * person[d]! + 0.6 * other[d]!;
    return normalise(sum, target);
  };
  const vectors = new Float32Array(n * dim);
  const known: Float64Array[] = [];
  let person = mix();
  for (let row = 0; row < n; row += 1) {
    if (row % photos === 0) person = mix();
    if (row % Math.ceil(n / queries) === 0) known.push(person);
    photo(person, vectors.subarray(row * dim, (row + 1) * dim));
  }
  const asked = Array.from({ length: queries }, (_, q) => {
    const whose = q % 2 === 0 ? known[q % known.length] : undefined;
    return photo(whose ?? mix(), new Float32Array(dim));
  });
  return { kind: 'faces', n, dim, vectors, queries: asked };
}

function normalise<T extends Float32Array | Float64Array>(vector: Float64Array, target: T): T {
  let squared = 0;
  for (const value of vector) squared += value * value;
  const length = Math.sqrt(squared);
  for (let i = 0; i < vector.length; i += 1) target[i] = vector[i]! / length;
  return target;
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
