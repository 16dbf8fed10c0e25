import { dot } from './cosine.ts';

/** Signed bytes a row takes: the dimension rounded up to the kernel's step of 32. */
export function strideOf(dimension: number): number {
  return Math.ceil(dimension / 32) * 32;
}

/**
 * Covers what single precision loses in the kernel (three roundings of values up to 1.2, 2^-24 each) and
 * double precision here.
 */
const rounding = 1e-6;

/**
 * Quantises the direction u of a vector: u ≈ scale × codes, int8 in [-127, 127].
 * `error` bounds |q·u - q·(scale × codes)| for every unit q: the length of u - scale × codes (Cauchy-Schwarz), plus rounding.
 */
export function quantiseRow(
  vector: Float32Array,
  codes: Int8Array,
  at: number,
): { readonly scale: number; readonly error: number } {
  const length = Math.sqrt(dot(vector, vector));
  if (length === 0) {
    codes.fill(0, at, at + vector.length);
    return { scale: 0, error: rounding };
  }
  let largest = 0;
  for (let i = 0; i < vector.length; i += 1) largest = Math.max(largest, Math.abs(vector[i]!));
  const scale = Math.fround(largest / length / 127);
  const toCode = 1 / (length * scale);
  let squared = 0;
  for (let i = 0; i < vector.length; i += 1) {
    const value = vector[i]!;
    const code = Math.max(-127, Math.min(127, Math.round(value * toCode)));
    codes[at + i] = code;
    const rest = value / length - scale * code;
    squared += rest * rest;
  }
  return { scale, error: Math.sqrt(squared) + rounding };
}

/** A query as the kernel takes it: q/|q| ≈ unit × ints. */
export interface Probe {
  readonly vector: Float32Array;
  /** q·q in double precision. */
  readonly squared: number;
  /** Padded with zeros to the stride. */
  readonly ints: Int16Array;
  readonly unit: number;
  /** Bounds what the query's own quantisation adds to a row's error. */
  readonly slack: number;
}

/**
 * No sum of products overflows int32: it is at most |codes| × |ints| ≤ 127 × 32 × 400,000 < 2^31 (Cauchy-Schwarz,
 * 1024 dimensions), partial sums of a lane included.
 */
const largestLength = 400_000;

/** @throws RangeError wrong dimension, or not finite */
export function probeOf(vector: Float32Array, dimension: number): Probe {
  checkVector(vector, dimension);
  const squared = dot(vector, vector);
  const length = Math.sqrt(squared);
  const ints = new Int16Array(strideOf(dimension));
  if (length === 0) return { vector, squared, ints, unit: 0, slack: 0 };
  let largest = 0;
  for (let i = 0; i < dimension; i += 1) largest = Math.max(largest, Math.abs(vector[i]!) / length);
  const unit = Math.fround(1 / Math.min(largestLength - 1000, 32_767 / largest));
  let rest = 0;
  for (let i = 0; i < dimension; i += 1) {
    const value = vector[i]! / length;
    const int = Math.max(-32_767, Math.min(32_767, Math.round(value / unit)));
    ints[i] = int;
    rest += (value - unit * int) ** 2;
  }
  // A row's scale × codes is no longer than 1 plus its error, and that is at most 0.13.
  return { vector, squared, ints, unit, slack: Math.sqrt(rest) * 1.2 };
}

/** @throws RangeError wrong dimension, or a value that is not finite */
export function checkVector(vector: Float32Array, dimension: number): void {
  if (vector.length !== dimension) {
    throw new RangeError(`A vector of ${vector.length} numbers where ${dimension} are expected`);
  }
  if (!vector.every(Number.isFinite)) throw new RangeError('A vector with a number that is not finite');
}
