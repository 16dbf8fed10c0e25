import { comparePair, loadPair, type Pair, stepSums } from './planar-kernel.ts';
import { type Warp, width } from './planar-warp.ts';
import { productOf, solve, terms } from './polynomial-warp.ts';

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

const iterations = 14;
/** Part of the counted pixels that must correspond. */
const leastOverlap = 1 / 3;

/**
 * The best warp near a start, by Levenberg and Marquardt's steps on the pixels (B. Lucas, T. Kanade, 1981), with the
 * pair's depth where it has one.
 */
export function register(pair: Pair, start: Warp): Registration {
  loadPair(pair);
  let warp = start;
  let best = compare(pair, warp, 0);
  let damping = 1e-4;
  for (let i = 0; i < iterations && best.overlap > leastOverlap && damping < 1; i++) {
    const step = improvement(pair, best, damping);
    if (step === undefined) break;
    const next = warp.map((value, k) => value + (step[k] ?? 0));
    const compared = compare(pair, next, best.seen.place === 0 ? 1 : 0);
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
  readonly overlap: number;
  /** What corresponds. */
  readonly seen: ReturnType<typeof comparePair>['seen'];
}

function compare(pair: Pair, warp: Warp, place: 0 | 1): Comparison {
  const { seen, counted, sums } = comparePair(pair, warp, place);
  const { n } = seen;
  const covariance = sums.ab - (sums.a * sums.b) / n;
  const varianceA = sums.aa - (sums.a * sums.a) / n;
  const varianceB = sums.bb - (sums.b * sums.b) / n;
  const known = n > 0 && varianceA > 0 && varianceB > 0;
  return {
    seen,
    meanFrom: sums.a / n,
    meanTo: sums.b / n,
    gain: known ? covariance / varianceA : 0,
    variance: varianceB / n,
    overlap: n / Math.max(1, counted),
    mismatch: known ? 1 - Math.max(0, covariance / Math.sqrt(varianceA * varianceB)) : 1,
  };
}

/** Which product each pair of terms makes. */
const productOfPair = Uint8Array.from({ length: terms * terms }, (_, pair) =>
  productOf(Math.floor(pair / terms), pair % terms),
);

/** One step for the warp's coefficients; undefined when the pixels don't determine one. */
function improvement(pair: Pair, at: Comparison, damping: number): Warp | undefined {
  const used = pair.depth === undefined ? terms : width;
  const size = 2 * used;
  const normal = new Float64Array(size * size);
  const right = new Float64Array(size);
  const sums = stepSums(pair, at.seen, at);
  /** A row and column of x, both axes, and y. */
  const set = (row: number, column: number, from: Float64Array, start: number) => {
    normal[row * size + column] = from[start] as number;
    normal[(row + used) * size + column] = from[start + 1] as number;
    normal[(row + used) * size + column + used] = from[start + 2] as number;
  };
  for (let i = 0; i < used; i++) {
    right[i] = sums.right[2 * i] as number;
    right[i + used] = sums.right[2 * i + 1] as number;
  }
  for (let i = 0; i < terms; i++) {
    for (let k = 0; k <= i; k++) set(i, k, sums.products, 3 * (productOfPair[i * terms + k] as number));
  }
  // The depth's row, with every term and itself.
  for (let i = 0; pair.depth !== undefined && i < used; i++) set(terms, i, sums.depth, 3 * i);
  complete(normal, used, damping);
  const step = solve(normal, right);
  if (step === undefined) return undefined;
  const whole = new Float64Array(2 * width);
  whole.set(step.subarray(0, used), 0);
  whole.set(step.subarray(used), width);
  return whole;
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
