import type { Steps } from '@openfrs/contract/steps';
import { dot } from './cosine.ts';
import { Kernel, workBytes } from './kernel/kernel.ts';
import { startsOf } from './planes.ts';
import { remainderUnit, rounding } from './quantise.ts';
import { deviationOf, type Rotation } from './rotation.ts';

/** Vectors that are turned at a time, between two pauses: the kernel does so many products in about a millisecond. */
const kernelProductsAtOnce = 4_000_000;
const mostAtOnce = 256;

/** Where the quantised rows go: each plane's codes, row after row. */
export interface RotatedRows {
  readonly planes: readonly Int8Array[];
  readonly scales: Float32Array;
  readonly errors: Float32Array;
  /** Two a row: bounds of its length beyond the first plane and beyond the second, in `remainderUnit`. */
  readonly remainders: Uint16Array;
}

/**
 * Quantises the directions of vectors along a rotation's axes: as `quantiseRow`, but for the spreads, which codes of each dimension
 * are multiplied with besides. Errors and remainders cover that axes are orthonormal to single precision only, and the products' roundings.
 */
export function* quantiseRotated(
  rotation: Rotation,
  count: number,
  vectorOf: (row: number) => Float32Array,
  rows: RotatedRows,
): Steps<void> {
  const { spreads, matrix } = rotation;
  const dimension = spreads.length;
  const width = Math.ceil(dimension / 4) * 4;
  const batch = Math.min(mostAtOnce, Math.max(4, Math.floor(kernelProductsAtOnce / width ** 2 / 4) * 4));
  const kernel = new Kernel((width + 2 * batch) * width * 4);
  const vectorsAt = workBytes + width * width * 4;
  const turnedAt = vectorsAt + batch * width * 4;
  const lines = new Float32Array(kernel.buffer, workBytes, width * width);
  for (let i = 0; i < dimension; i += 1) {
    lines.set(matrix.subarray(i * dimension, (i + 1) * dimension), i * width);
  }
  const directions = new Float32Array(kernel.buffer, vectorsAt, batch * width);
  const turned = new Float32Array(kernel.buffer, turnedAt, batch * width);
  const deviation = yield* deviationOf(rotation, dimension);
  // A sum of n products in single precision is within n × 2^-24 of the lengths' product: a quarter of them one after another
  // and two sums of sums; √dimension such numbers. And the direction's own rounding.
  const turning = (width / 4 + 5) * 2 ** -24 * Math.sqrt(dimension) * (1 + deviation);
  for (let first = 0; first < count; first += batch) {
    const some = Math.min(batch, count - first);
    yield;
    for (let i = 0; i < some; i += 1) putDirection(vectorOf(first + i), directions.subarray(i * width));
    kernel.rotate(workBytes, width, vectorsAt, Math.ceil(some / 4) * 4, turnedAt);
    for (let i = 0; i < some; i += 1) {
      const own = turned.subarray(i * width, i * width + dimension);
      quantise(own, rotation, rows, first + i, { deviation, turning });
    }
  }
}

/** What the rotation itself may add to a row's error. */
interface Roundings {
  readonly deviation: number;
  readonly turning: number;
}

function putDirection(vector: Float32Array, target: Float32Array): void {
  const length = Math.sqrt(dot(vector, vector));
  for (let i = 0; i < vector.length; i += 1) target[i] = length === 0 ? 0 : vector[i]! / length;
}

function quantise(
  own: Float32Array,
  { spreads, planes }: Rotation,
  rows: RotatedRows,
  row: number,
  { deviation, turning }: Roundings,
): void {
  let largest = 0;
  for (let i = 0; i < own.length; i += 1) largest = Math.max(largest, Math.abs(own[i]!) / spreads[i]!);
  const scale = Math.fround(largest / 127);
  const starts = startsOf(planes);
  const beyond = [0, 0, 0];
  let squared = 0;
  for (const [plane, start] of starts.entries()) {
    const codes = rows.planes[plane]!;
    const end = Math.min(own.length, start + planes[plane]!);
    for (let i = start, at = row * planes[plane]!; i < end; i += 1, at += 1) {
      const value = own[i]!;
      const step = scale * spreads[i]!;
      const code = step === 0 ? 0 : Math.max(-127, Math.min(127, Math.round(value / step)));
      codes[at] = code;
      squared += (value - step * code) ** 2;
      beyond[plane]! += value * value;
    }
  }
  rows.scales[row] = scale;
  rows.errors[row] = (Math.sqrt(squared) + turning) * (1 + deviation) + deviation + rounding;
  rows.remainders[2 * row] = remainderOf(beyond[1]! + beyond[2]!, turning);
  rows.remainders[2 * row + 1] = remainderOf(beyond[2]!, turning);
}

const remainderOf = (squared: number, turning: number) =>
  Math.min(0xffff, Math.ceil((Math.sqrt(squared) + turning) / remainderUnit));
