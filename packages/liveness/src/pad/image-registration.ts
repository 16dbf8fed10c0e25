import { sampled, toPixel, toView } from '../tracking/face-view.ts';
import {
  basisAt,
  identity,
  polynomialFit,
  productOf,
  products,
  productsAt,
  solve,
  terms,
} from './polynomial-warp.ts';

/** Side in pixels of the pictures that are fitted. */
export const registrationSide = 48;
/** Radius of the part that counts: eyes, nose and mouth; no hair and nothing behind the face. */
const counted = 0.75;

/** Numbers of the counted pixels, and the polynomials' terms at each, one after the other. */
const pixels: readonly number[] = Array.from(
  { length: registrationSide * registrationSide },
  (_, at) => at,
).filter(
  (at) =>
    Math.hypot(
      toView(at % registrationSide, registrationSide),
      toView(Math.floor(at / registrationSide), registrationSide),
    ) < counted,
);
const overPixels = (valuesAt: (x: number, y: number) => number[]) =>
  Float64Array.from(
    pixels.flatMap((at) =>
      valuesAt(
        toView(at % registrationSide, registrationSide),
        toView(Math.floor(at / registrationSide), registrationSide),
      ),
    ),
  );
const bases = overPixels(basisAt);
/** The products of the terms: each at every counted pixel, one after the other; and which of them each pair of terms makes. */
const productValues = transposed(overPixels(productsAt), products);
const productOfPair = Uint8Array.from({ length: terms * terms }, (_, pair) =>
  productOf(Math.floor(pair / terms), pair % terms),
);

/** Rows of `columns` values as columns. */
function transposed(values: Float64Array, columns: number): Float64Array {
  const rows = values.length / columns;
  return values.map((_, at) => values[(at % rows) * columns + Math.floor(at / rows)] as number);
}

/**
 * A map from one view to another: a polynomial of the plane, and beside it a displacement by the depth of what is
 * seen, which no flat thing has. Coefficients of x (the terms, then the depth's), then of y.
 */
export type Warp = Float64Array;
const width = terms + 1;

/** A polynomial map as a warp. */
function asWarp(polynomial: Float64Array): Warp {
  const warp = new Float64Array(2 * width);
  warp.set(polynomial.subarray(0, terms), 0);
  warp.set(polynomial.subarray(terms), width);
  return warp;
}

/** A warp that also moves things by their depth. */
export function withParallax(warp: Warp, [x, y]: readonly [number, number]): Warp {
  const moved = warp.slice();
  moved[terms] = x;
  moved[width + terms] = y;
  return moved;
}

export const identityWarp = asWarp(identity);
export const warpFromPoints = (from: Float32Array, to: Float32Array) => asWarp(polynomialFit(from, to));

/** How far a warp moves things by their depth, sideways and down. */
export const parallax = (warp: Warp): readonly [number, number] => [
  warp[terms] ?? 0,
  warp[width + terms] ?? 0,
];

/** Where a warp takes a point from, depth left aside. */
export function applyPlanar(warp: Warp, x: number, y: number): readonly [number, number] {
  let u = 0;
  let v = 0;
  for (const [i, basis] of basisAt(x, y).entries()) {
    u += (warp[i] ?? 0) * basis;
    v += (warp[width + i] ?? 0) * basis;
  }
  return [u, v];
}

/** A picture of fitSide² pixels; NaN where there is no face. */
export type Patch = Float32Array;

/** Two pictures, the first to be warped onto the second; the second's depth at each counted pixel. */
export interface Pair {
  readonly from: Patch;
  readonly to: Patch;
  readonly depth?: Float64Array;
}

export interface Registration {
  readonly warp: Warp;
  /** 1 − correlation of what corresponds, [0, 1]; 1 when too little does. */
  readonly mismatch: number;
  /** The target's mean and contrast by the warped picture's: target ≈ meanTo + gain · (warped − meanFrom). */
  readonly meanFrom: number;
  readonly meanTo: number;
  readonly gain: number;
  /** Variance of the target's counted pixels. */
  readonly variance: number;
}

/** What is left of a depth at the counted pixels when the best polynomial is taken away: what no bend can imitate. */
export function depthResidual(depthAt: (x: number, y: number) => number): Float64Array {
  const at = (p: number) => {
    const pixel = pixels[p] ?? 0;
    return [
      toView(pixel % registrationSide, registrationSide),
      toView(Math.floor(pixel / registrationSide), registrationSide),
    ] as const;
  };
  const depth = Float64Array.from(pixels, (_, p) => depthAt(...at(p)));
  const normal = new Float64Array(terms * terms);
  const right = new Float64Array(terms);
  for (const [p, value] of depth.entries()) {
    for (let i = 0; i < terms; i++) {
      const basis = bases[p * terms + i] as number;
      right[i] = (right[i] as number) + basis * value;
      for (let k = 0; k < terms; k++) {
        normal[i * terms + k] = (normal[i * terms + k] as number) + basis * (bases[p * terms + k] as number);
      }
    }
  }
  const smooth = solve(normal, right) ?? new Float64Array(terms);
  return depth.map((value, p) =>
    smooth.reduce((left, share, i) => left - share * (bases[p * terms + i] as number), value),
  );
}

const iterations = 14;
/** Part of the counted pixels that must correspond. */
const leastOverlap = 1 / 3;

/**
 * The best warp near a start, by Levenberg and Marquardt's steps on the pixels (B. Lucas, T. Kanade, 1981), with the
 * pair's depth or without.
 */
export function register(pair: Pair, start: Warp, withDepth: boolean): Registration {
  let warp = start;
  let best = compare(pair, warp);
  let damping = 1e-4;
  for (let i = 0; i < iterations && best.overlap > leastOverlap && damping < 1; i++) {
    const step = improvement(pair, best, withDepth, damping);
    if (step === undefined) break;
    const next = warp.map((value, k) => value + (step[k] ?? 0));
    const compared = compare(pair, next);
    if (compared.mismatch < best.mismatch) {
      const gained = best.mismatch - compared.mismatch;
      warp = next;
      best = compared;
      damping = Math.max(1e-5, damping / 10);
      if (gained < 3e-5) break;
    } else damping *= 30;
  }
  const { meanFrom, meanTo, gain, variance, overlap, mismatch } = best;
  return { warp, mismatch: overlap < leastOverlap ? 1 : mismatch, meanFrom, meanTo, gain, variance };
}

interface Comparison extends Omit<Registration, 'warp'> {
  /** Of each counted pixel: the warped picture's value (NaN outside it) and its slopes. */
  readonly warped: Float64Array;
  readonly slopeX: Float64Array;
  readonly slopeY: Float64Array;
  readonly overlap: number;
}

function compare({ from, to, depth }: Pair, warp: Warp): Comparison {
  const count = pixels.length;
  let counts = 0;
  const warped = new Float64Array(count).fill(Number.NaN);
  const slopeX = new Float64Array(count);
  const slopeY = new Float64Array(count);
  const value = (x: number, y: number) => sampled(from, registrationSide, x, y);
  let n = 0;
  let sumA = 0;
  let sumB = 0;
  let sumAA = 0;
  let sumBB = 0;
  let sumAB = 0;
  for (let p = 0; p < count; p++) {
    const b = to[pixels[p] as number] as number;
    if (Number.isNaN(b)) continue;
    counts += 1;
    const rugged = depth === undefined ? 0 : (depth[p] as number);
    let u = (warp[terms] as number) * rugged;
    let v = (warp[width + terms] as number) * rugged;
    for (let i = 0; i < terms; i++) {
      const basis = bases[p * terms + i] as number;
      u += (warp[i] as number) * basis;
      v += (warp[i + width] as number) * basis;
    }
    const x = toPixel(u, registrationSide);
    const y = toPixel(v, registrationSide);
    if (!(x >= 1 && y >= 1 && x < registrationSide - 2 && y < registrationSide - 2)) continue;
    const a = value(x, y);
    // Central differences over two pixels, in units of the coordinates.
    const dx = ((value(x + 1, y) - value(x - 1, y)) * registrationSide) / 4;
    const dy = ((value(x, y + 1) - value(x, y - 1)) * registrationSide) / 4;
    if (Number.isNaN(a + dx + dy)) continue;
    warped[p] = a;
    slopeX[p] = dx;
    slopeY[p] = dy;
    n += 1;
    sumA += a;
    sumB += b;
    sumAA += a * a;
    sumBB += b * b;
    sumAB += a * b;
  }
  const covariance = sumAB - (sumA * sumB) / n;
  const varianceA = sumAA - (sumA * sumA) / n;
  const varianceB = sumBB - (sumB * sumB) / n;
  const known = n > 0 && varianceA > 0 && varianceB > 0;
  return {
    warped,
    slopeX,
    slopeY,
    meanFrom: sumA / n,
    meanTo: sumB / n,
    gain: known ? covariance / varianceA : 0,
    variance: varianceB / n,
    overlap: n / Math.max(1, counts),
    mismatch: known ? 1 - Math.max(0, covariance / Math.sqrt(varianceA * varianceB)) : 1,
  };
}

/** One step for the warp's coefficients; undefined when the pixels don't determine one. */
function improvement(pair: Pair, at: Comparison, withDepth: boolean, damping: number): Warp | undefined {
  const used = withDepth ? width : terms;
  const size = 2 * used;
  const normal = new Float64Array(size * size);
  const right = new Float64Array(size);
  const { seen, gx, gy, error } = slopesAndErrors(pair, at);
  const count = seen.length;
  for (let i = 0; i < used; i++) {
    let [x, y] = [0, 0];
    for (let q = 0; q < count; q++) {
      const p = seen[q] as number;
      const basis = i < terms ? (bases[p * terms + i] as number) : (pair.depth?.[p] ?? 0);
      x += (gx[q] as number) * basis * (error[q] as number);
      y += (gy[q] as number) * basis * (error[q] as number);
    }
    right[i] = x;
    right[i + used] = y;
  }
  const [xx, yx, yy] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  for (let q = 0; q < count; q++) {
    xx[q] = (gx[q] as number) * (gx[q] as number);
    yx[q] = (gx[q] as number) * (gy[q] as number);
    yy[q] = (gy[q] as number) * (gy[q] as number);
  }
  // The depth's row, with every term and itself.
  for (let i = 0; withDepth && i < used; i++) {
    const row = terms * size + i;
    const below = (terms + used) * size + i;
    for (let q = 0; q < count; q++) {
      const p = seen[q] as number;
      const rugged = pair.depth?.[p] ?? 0;
      const product = (i < terms ? (bases[p * terms + i] as number) : rugged) * rugged;
      normal[row] = (normal[row] as number) + (xx[q] as number) * product;
      normal[below] = (normal[below] as number) + (yx[q] as number) * product;
      normal[below + used] = (normal[below + used] as number) + (yy[q] as number) * product;
    }
  }
  const sums = Array.from({ length: products }, (_, i) => weightedSums(i * pixels.length, seen, xx, yx, yy));
  for (let i = 0; i < terms; i++) {
    for (let k = 0; k <= i; k++) {
      const [sumXX, sumYX, sumYY] = sums[productOfPair[i * terms + k] as number] as Sums;
      normal[i * size + k] = sumXX;
      normal[(i + used) * size + k] = sumYX;
      normal[(i + used) * size + k + used] = sumYY;
    }
  }
  complete(normal, used, damping);
  const step = solve(normal, right);
  if (step === undefined) return undefined;
  const whole = new Float64Array(2 * width);
  whole.set(step.subarray(0, used), 0);
  whole.set(step.subarray(used), width);
  return whole;
}

/** Of the counted pixels that correspond: their numbers, slopes times gain, and what is left there. */
function slopesAndErrors({ to }: Pair, at: Comparison) {
  const seen = new Uint16Array(pixels.length);
  const [gx, gy, error] = [0, 1, 2].map(() => new Float64Array(pixels.length)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  let count = 0;
  for (let p = 0; p < pixels.length; p++) {
    const value = at.warped[p] as number;
    if (Number.isNaN(value)) continue;
    const target = to[pixels[p] as number] as number;
    seen[count] = p;
    gx[count] = at.gain * (at.slopeX[p] as number);
    gy[count] = at.gain * (at.slopeY[p] as number);
    error[count] = target - at.meanTo - at.gain * (value - at.meanFrom);
    count += 1;
  }
  return { seen: seen.subarray(0, count), gx, gy, error };
}

type Sums = readonly [xx: number, yx: number, yy: number];

/** Of one product of terms, whose values begin at `start`: one loop with three sums is several times as fast as all sums at each pixel. */
function weightedSums(
  start: number,
  seen: Uint16Array,
  xx: Float64Array,
  yx: Float64Array,
  yy: Float64Array,
): Sums {
  let [sumXX, sumYX, sumYY] = [0, 0, 0];
  for (let q = 0; q < seen.length; q++) {
    const product = productValues[start + (seen[q] as number)] as number;
    sumXX += (xx[q] as number) * product;
    sumYX += (yx[q] as number) * product;
    sumYY += (yy[q] as number) * product;
  }
  return [sumXX, sumYX, sumYY];
}

/** Fills in what symmetry gives, and adds to the diagonal: the damping, and a little, so that plain regions stay. */
function complete(normal: Float64Array, used: number, damping: number): void {
  const size = 2 * used;
  for (let i = 0; i < used; i++) {
    for (let k = i + 1; k < used; k++) {
      normal[(i + used) * size + k] = normal[(k + used) * size + i] as number;
    }
  }
  let trace = 0;
  for (let i = 0; i < size; i++) {
    trace += normal[i * size + i] as number;
    for (let k = 0; k < i; k++) normal[k * size + i] = normal[i * size + k] as number;
  }
  for (let i = 0; i < size; i++) {
    normal[i * size + i] = (normal[i * size + i] as number) * (1 + damping) + (1e-6 * trace) / size;
  }
}
