import type { Steps } from '@openfrs/contract/steps';
import { dot } from './cosine.ts';
import { planesOf } from './planes.ts';
import { productsAtOnce, type Rotation } from './rotation.ts';

/** Rows that the axes are found from, of a segment's: more change nothing (bounds hold along any axes). */
const sampledRows = 4096;
/** Axes are found of so many dimensions at most: the work grows with their third power, some 3 × 10⁹ products for as many. */
const mostDimensions = 512;
/** Of orthogonal iteration: what is left of it then blurs neighbours in the spectrum only. */
const rounds = 8;
/** Added to each variance, as a part of their mean: without it vectors in fewer dimensions would leave axes undefined. */
const least = 1e-3;

/**
 * The principal axes of the vectors' directions (of their second moment: the origin stays where it is), by orthogonal iteration.
 * @param count of vectors, and `vectorOf` gives each
 * @returns undefined where planes along them aren't worth it, or finding them
 */
export function* fitRotation(
  dimension: number,
  count: number,
  vectorOf: (row: number) => Float32Array,
): Steps<Rotation | undefined> {
  if (dimension > mostDimensions) return undefined;
  const moment = yield* momentOf(dimension, count, vectorOf);
  if (moment === undefined) return undefined;
  let axes = widestFirst(moment, dimension);
  for (let round = 0; round < rounds; round += 1) {
    axes = yield* product(axes, moment, dimension);
    yield* orthonormalise(axes, dimension);
  }
  const along = yield* product(axes, moment, dimension);
  const variances = Float64Array.from({ length: dimension }, (_, i) => inner(axes, along, i, i, dimension));
  const planes = planesOf(variances);
  if (planes === undefined) return undefined;
  const widest = variances.reduce((most, one) => Math.max(most, one), 0);
  return {
    planes,
    matrix: new Float32Array(axes),
    spreads: Float32Array.from(variances, (one) => Math.sqrt(one / widest)),
  };
}

/** Of work that takes dimension² products each (rows, lines of a matrix), how many are done between two pauses. */
const atOnce = (dimension: number) => Math.max(1, Math.floor(productsAtOnce / dimension ** 2));

/** The mean of u uᵀ over some of the vectors' directions u; undefined where all are zero. */
function* momentOf(
  dimension: number,
  count: number,
  vectorOf: (row: number) => Float32Array,
): Steps<Float64Array | undefined> {
  const step = Math.max(1, Math.floor(count / sampledRows));
  const rowsAtOnce = 2 * atOnce(dimension);
  const moment = new Float64Array(dimension * dimension);
  let trace = 0;
  for (let row = 0; row < count; row += step) {
    const vector = vectorOf(row);
    const squared = dot(vector, vector);
    if (squared === 0) continue;
    trace += 1;
    if (trace % rowsAtOnce === 0) yield;
    for (let i = 0; i < dimension; i += 1) {
      const factor = vector[i]! / squared;
      for (let j = 0, at = i * dimension; j <= i; j += 1, at += 1) moment[at]! += factor * vector[j]!;
    }
  }
  if (trace === 0) return undefined;
  for (let i = 0; i < dimension; i += 1) {
    for (let j = 0; j < i; j += 1) moment[j * dimension + i] = moment[i * dimension + j]!;
    moment[i * dimension + i]! += (least * trace) / dimension;
  }
  return moment;
}

/** The unit vectors as lines, those of the largest variance first: where the iteration begins. */
function widestFirst(moment: Float64Array, dimension: number): Float64Array {
  const order = Array.from({ length: dimension }, (_, i) => i);
  order.sort((a, b) => moment[b * (dimension + 1)]! - moment[a * (dimension + 1)]!);
  const axes = new Float64Array(dimension * dimension);
  for (const [line, i] of order.entries()) axes[line * dimension + i] = 1;
  return axes;
}

/** Lines times a symmetric matrix. */
function* product(lines: Float64Array, matrix: Float64Array, dimension: number): Steps<Float64Array> {
  const result = new Float64Array(dimension * dimension);
  const linesAtOnce = atOnce(dimension);
  for (let i = 0; i < dimension; i += 1) {
    if (i % linesAtOnce === 0) yield;
    const into = result.subarray(i * dimension, (i + 1) * dimension);
    for (let k = 0; k < dimension; k += 1) {
      const factor = lines[i * dimension + k]!;
      if (factor === 0) continue;
      for (let j = 0, at = k * dimension; j < dimension; j += 1, at += 1) into[j]! += factor * matrix[at]!;
    }
  }
  return result;
}

/** Makes the lines orthonormal one after the other (modified Gram-Schmidt), in place. */
function* orthonormalise(lines: Float64Array, dimension: number): Steps<void> {
  const linesAtOnce = atOnce(dimension);
  for (let i = 0; i < dimension; i += 1) {
    if (i % linesAtOnce === 0) yield;
    const length = Math.sqrt(inner(lines, lines, i, i, dimension));
    for (let d = 0, at = i * dimension; d < dimension; d += 1, at += 1) lines[at]! /= length;
    for (let j = i + 1; j < dimension; j += 1) {
      const share = inner(lines, lines, i, j, dimension);
      for (let d = 0, at = i * dimension, to = j * dimension; d < dimension; d += 1, at += 1, to += 1) {
        lines[to]! -= share * lines[at]!;
      }
    }
  }
}

function inner(a: Float64Array, b: Float64Array, i: number, j: number, dimension: number): number {
  let sum = 0;
  for (let d = 0, at = i * dimension, to = j * dimension; d < dimension; d += 1, at += 1, to += 1) {
    sum += a[at]! * b[to]!;
  }
  return sum;
}
