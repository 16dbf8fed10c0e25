import type { Steps } from '@openfrs/contract/steps';
import type { Planes } from './planes.ts';

/**
 * The axes that a segment's rows are quantised along: those of the largest variance first, so that the first plane tells
 * most rows apart. Cosines are the same along all axes, but for the `deviation`.
 */
export interface Rotation {
  readonly planes: Planes;
  /** Row i is axis i in the vectors' own coordinates: dimension × dimension. */
  readonly matrix: Float32Array;
  /** What a row's codes are multiplied with besides its scale: how far vectors reach along each axis, 1 along the widest. */
  readonly spreads: Float32Array;
  /** Turns a vector where the matrix lies, in a kernel's memory; undefined where it lies in none. The result is valid until the next call. */
  readonly turn?: (own: Float64Array) => Float64Array;
}

/** Multiplications between two pauses, in the work on matrices: some .3 ms. */
export const productsAtOnce = 300_000;

/** A vector's coordinates along the axes, in double precision: valid until the next call. @param length it is divided by */
export function alongAxes({ matrix, turn }: Rotation, vector: Float32Array, length: number): Float64Array {
  const dimension = vector.length;
  const own = new Float64Array(dimension);
  for (let i = 0; i < dimension; i += 1) own[i] = vector[i]! / length;
  if (turn) return turn(own);
  const turned = new Float64Array(dimension);
  for (let axis = 0, at = 0; axis < dimension; axis += 1) {
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    const whole = at + (dimension & ~3);
    let i = 0;
    for (; at < whole; at += 4, i += 4) {
      s0 += matrix[at]! * own[i]!;
      s1 += matrix[at + 1]! * own[i + 1]!;
      s2 += matrix[at + 2]! * own[i + 2]!;
      s3 += matrix[at + 3]! * own[i + 3]!;
    }
    for (; i < dimension; at += 1, i += 1) s0 += matrix[at]! * own[i]!;
    turned[axis] = s0 + s1 + (s2 + s3);
  }
  return turned;
}

/**
 * How much an inner product of unit vectors may change along these axes: the length of MᵀM − 1 (Frobenius), which is at least its
 * largest stretch.
 */
export function* deviationOf({ matrix }: Pick<Rotation, 'matrix'>, dimension: number): Steps<number> {
  // That of MMᵀ − 1 is the same for a square matrix.
  let squared = 0;
  let products = 0;
  for (let i = 0; i < dimension; i += 1) {
    products += (i + 1) * dimension;
    if (products >= productsAtOnce) {
      yield;
      products = 0;
    }
    const one = matrix.subarray(i * dimension, (i + 1) * dimension);
    for (let j = 0; j <= i; j += 1) {
      let inner = 0;
      for (let d = 0, at = j * dimension; d < dimension; d += 1, at += 1) inner += one[d]! * matrix[at]!;
      squared += i === j ? (inner - 1) ** 2 : 2 * inner ** 2;
    }
  }
  return Math.sqrt(squared);
}
