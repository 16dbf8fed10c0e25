import { dot } from './cosine.ts';
import { type Planes, planeStep, startsOf } from './planes.ts';
import { alongAxes, type Rotation } from './rotation.ts';

/** Signed bytes a row takes: the dimension rounded up to the kernel's step. */
export function strideOf(dimension: number): number {
  return Math.ceil(dimension / planeStep) * planeStep;
}

/**
 * Covers what single precision loses in the kernel (at most seven roundings, 2^-24 each, of values up to 2.2: a cosine and twice an
 * error of .6) and double precision here.
 */
export const rounding = 1e-6;

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

/** A query as the kernel takes it for a block: q/|q| along the block's axes, times their spreads, ≈ unit × ints. */
export interface BlockProbe {
  /** Padded with zeros to the stride. */
  readonly ints: Int16Array;
  readonly unit: number;
  /** Bounds what the query's own quantisation adds to a row's error. */
  readonly slack: number;
  /** The query's lengths beyond the first plane and beyond the second, for one unit of a row's remainders. */
  readonly lengths: readonly [beyondFirst: number, beyondSecond: number];
}

/** A query. */
export class Probe {
  readonly vector: Float32Array;
  /** q·q in double precision. */
  readonly squared: number;
  private readonly alongNone: BlockProbe;
  private readonly along = new Map<Rotation, BlockProbe>();

  /** @throws RangeError wrong dimension, or not finite */
  constructor(vector: Float32Array, dimension: number) {
    checkVector(vector, dimension);
    this.vector = vector;
    this.squared = dot(vector, vector);
    const length = Math.sqrt(this.squared);
    this.alongNone = quantiseQuery(Float64Array.from(vector, (value) => (length === 0 ? 0 : value / length)));
  }

  /** For a block whose rows are quantised along these axes, or along none. */
  for(rotation: Rotation | undefined): BlockProbe {
    if (rotation === undefined || this.squared === 0) return this.alongNone;
    const known = this.along.get(rotation);
    if (known !== undefined) return known;
    const turned = alongAxes(rotation, this.vector, Math.sqrt(this.squared));
    const made = quantiseQuery(turned, rotation);
    this.along.set(rotation, made);
    return made;
  }
}

/**
 * No sum of products overflows int32: it is at most |codes| × |ints| ≤ 127 × 32 × 400,000 < 2^31 (Cauchy-Schwarz,
 * 1024 dimensions), partial sums of a lane included.
 */
const largestLength = 400_000;

function quantiseQuery(direction: Float64Array, rotation?: Rotation): BlockProbe {
  const dimension = direction.length;
  const ints = new Int16Array(strideOf(dimension));
  // What a row's codes are to be multiplied with. By loops: a set of many segments has a query turned for each of them.
  const factors = new Float64Array(dimension);
  let largest = 0;
  for (let i = 0; i < dimension; i += 1) {
    factors[i] = direction[i]! * (rotation === undefined ? 1 : rotation.spreads[i]!);
    largest = Math.max(largest, Math.abs(factors[i]!));
  }
  if (largest === 0) return { ints, unit: 0, slack: 0, lengths: [0, 0] };
  const unit = Math.fround(1 / Math.min(largestLength - 1000, 32_767 / largest));
  let rest = 0;
  for (let i = 0; i < dimension; i += 1) {
    const int = Math.max(-32_767, Math.min(32_767, Math.round(factors[i]! / unit)));
    ints[i] = int;
    rest += ((factors[i]! - unit * int) / (rotation === undefined ? 1 : rotation.spreads[i]!)) ** 2;
  }
  const slack = Math.sqrt(rest) * longestRow;
  return { ints, unit, slack, lengths: rotation ? lengthsBeyond(direction, rotation.planes) : [0, 0] };
}

/** What a row's codes stand for is no longer: 1 for its direction, and an error of at most as much again. */
const longestRow = 2.1;

/** What one unit of a stored remainder stands for: u16 reach 1.09, as a direction may be a little longer than 1. */
export const remainderUnit = 1 / 60_000;

function lengthsBeyond(direction: Float64Array, planes: Planes): [number, number] {
  const [, second, third] = startsOf(planes);
  let [beyondFirst, beyondSecond] = [0, 0];
  for (let i = second; i < direction.length; i += 1) {
    const squared = direction[i]! ** 2;
    beyondFirst += squared;
    if (i >= third) beyondSecond += squared;
  }
  // Rounded up in single precision.
  const lengthOf = (squared: number) => Math.sqrt(squared) * remainderUnit * (1 + 1e-6);
  return [lengthOf(beyondFirst), lengthOf(beyondSecond)];
}

/** @throws RangeError wrong dimension, or a value that is not finite */
export function checkVector(vector: Float32Array, dimension: number): void {
  if (vector.length !== dimension) {
    throw new RangeError(`A vector of ${vector.length} numbers where ${dimension} are expected`);
  }
  for (let i = 0; i < dimension; i += 1) {
    if (!Number.isFinite(vector[i])) throw new RangeError('A vector with a number that is not finite');
  }
}
