import { once } from '@openfrs/contract';
import type { ModelEntry } from '@openfrs/models';
import { complement, inner, orthonormal, type Rows } from './orthonormal.ts';

/** What the network's unit vector becomes before it is kept or searched with. */
export interface EmbeddingForm {
  /** The network's vector as it is kept: unit length. */
  kept(raw: Float32Array): Float32Array;
  /** A kept vector as it is searched with: its cosine to a kept one is what the two faces have in common. */
  probe(kept: Float32Array): Float32Array;
  /**
   * How much the kept vector that begins at `at` counts in a template of several photos, (0, 1]: the fourth power of its
   * recognisability, 1 for good photos.
   */
  templateWeight(vectors: Float32Array, at: number): number;
  /** 1 − how far the vector points where those of unrecognisable faces do, [0, 1]; about .83 for good photos. */
  recognisability(raw: Float32Array): number;
}

/** The network's vectors as they are: models without directions, and sets from before there were any. */
export const plainForm: EmbeddingForm = {
  kept: (raw) => raw,
  probe: (kept) => kept,
  templateWeight: () => 1,
  recognisability: () => 1,
};

/** The mean and directions that a model's entry names. */
export type Directions = Pick<
  NonNullable<NonNullable<ModelEntry['embedder']>['postprocessing']>,
  'mean' | 'removed' | 'unrecognisable' | 'shortenedBelow'
>;

/**
 * The mean of faces is subtracted and the subspace of group means left out; of the rest v, scaled to unit length, what points
 * along unrecognisable faces is taken away beyond a margin that good photos reach: p = v − (1 − margin/|w|)·w for the part
 * w = Σ max(0, v·u)·u, and not scaled again. So p·q, not a cosine, is what two
 * faces have in common. Where |p|² is below `shortenedBelow`, p is multiplied by the quotient of the two: two faces of which little is left
 * have the less in common the less it is. Kept is (p, √(1 − p²), 0), searched with (q, 0, √(1 − q²)): unit vectors whose cosine is p·q, so that
 * search, its bounds and its files know nothing of it (packages/docs/decisions/0011-recognisability.md).
 */
export function formOf(dimension: number, directions: Directions): EmbeddingForm {
  const known = forms.get(directions);
  if (known) return known;
  const form = buildForm(dimension, directions);
  forms.set(directions, form);
  return form;
}

/**
 * How far a vector may point along unrecognisable faces and lose nothing: two strangers' margins add .04 to a cosine at most. With 0,
 * the TAR of good photos at FAR 1e-4 falls by .004 (LFW's View 1), with .2 by .001 or less.
 */
const margin = 0.2;

/**
 * What photos of the same person count beside one another. With one good and one poor photo (blur 1/18, dark, motion 1/4, mask) FNIR at
 * FPIR 1 % is 12 to 21 % at equal weights, 8 to 12 with the first power, 6 to 8 with the fourth; good photos alone: the same.
 */
const weightPower = 4;
/** A person's photos must not all weigh nothing. */
const leastWeight = 1e-3;

const forms = new WeakMap<Directions, EmbeddingForm>();

function buildForm(
  dimension: number,
  { mean, removed, unrecognisable, shortenedBelow: least = 0 }: Directions,
): EmbeddingForm {
  const rows = orthonormal(removed.map(numbers));
  const own = dimension - Math.max(2, rows.length);
  const faces = once(() => faceSpace(dimension, rows, { mean, unrecognisable }));

  const centred = (raw: Float32Array) => {
    const { centre, space } = faces();
    const rest = Float64Array.from(raw, (value, i) => value - (centre[i] as number));
    return scaled(within(space, rest));
  };
  const unrecognisablePart = (face: Float64Array) => {
    const along = faces().directions.map((direction) => Math.max(0, inner(face, direction)));
    return { along, length: Math.sqrt(inner(along, along)) };
  };
  return {
    kept(raw) {
      const face = centred(raw);
      const { along, length } = unrecognisablePart(face);
      const share = length > margin ? 1 - margin / length : 0;
      for (const [d, direction] of faces().directions.entries()) {
        const taken = share * (along[d] as number);
        for (let i = 0; i < own; i += 1) face[i] = (face[i] as number) - taken * (direction[i] as number);
      }
      const remaining = inner(face, face);
      const scale = remaining < least ? remaining / least : 1;
      const kept = Float32Array.from({ length: dimension }, (_, i) =>
        i < own ? scale * (face[i] as number) : 0,
      );
      kept[own] = Math.sqrt(Math.max(0, 1 - scale ** 2 * remaining));
      return kept;
    },
    probe(kept) {
      const probe = kept.slice();
      probe[own] = 0;
      probe[own + 1] = kept[own] as number;
      return probe;
    },
    templateWeight(vectors, at) {
      const shortened = 1 - (vectors[at + own] as number) ** 2;
      const remaining = shortened < least ? Math.cbrt(shortened * least ** 2) : shortened;
      // Taken away is length² − margin².
      const length = Math.sqrt(1 - remaining + margin ** 2);
      return Math.max(leastWeight, ((1 - length) / (1 - margin)) ** weightPower);
    },
    recognisability: (raw) => 1 - unrecognisablePart(centred(raw)).length,
  };
}

/**
 * Where faces differ: the mean, a basis of what is orthogonal to `rows`, and the directions of unrecognisable faces in it. The basis takes
 * a tenth of a second of a new process, which needs none to find faces, nor those of older sets.
 */
function faceSpace(
  dimension: number,
  rows: Rows,
  { mean, unrecognisable }: Pick<Directions, 'mean' | 'unrecognisable'>,
): { readonly centre: Float64Array; readonly space: Rows; readonly directions: Rows } {
  const left = complement(rows, dimension);
  if (left.length !== dimension - rows.length)
    throw new Error('The directions left out have no whole complement.');
  const space = left.slice(0, dimension - 2);
  const directions = orthonormal(unrecognisable.map((direction) => within(space, numbers(direction))));
  return { centre: numbers(mean), space, directions };
}

/** Coordinates in an orthonormal basis. */
function within(space: Rows, vector: ArrayLike<number>): Float64Array {
  return Float64Array.from(space, (axis) => inner(axis, vector));
}

function scaled(vector: Float64Array): Float64Array {
  const length = Math.sqrt(inner(vector, vector)) || 1;
  return vector.map((value) => value / length);
}

/** Little-endian float32 in Base64. */
function numbers(text: string): Float64Array {
  const bytes = Buffer.from(text, 'base64');
  return Float64Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));
}
