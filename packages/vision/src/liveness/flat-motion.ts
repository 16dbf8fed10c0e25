import type { FaceMesh } from '../frame.ts';
import { basisAt, identity, polynomialFit, solve, terms } from './polynomial-warp.ts';

/** Side of a patch in pixels, and how much of the face's size it spans. */
export const patchSide = 48;
export const patchSpan = 1.1;

/** A face, upright: luma, and its landmarks in the patch's coordinates (−1..1). */
export interface FaceView {
  /** patchSide² values. */
  readonly grey: Float32Array;
  /** x, y of each landmark. */
  readonly points: Float32Array;
}

/** Landmarks in a view's coordinates. */
export function viewPoints(mesh: FaceMesh, x: number, y: number, size: number, roll: number): Float32Array {
  const scale = 2 / (size * patchSpan);
  const angle = (roll * Math.PI) / 180;
  const cos = Math.cos(angle) * scale;
  const sin = Math.sin(angle) * scale;
  const count = mesh.points.length / 3;
  const points = new Float32Array(count * 2);
  for (let i = 0; i < count; i++) {
    const dx = (mesh.points[i * 3] ?? 0) - x;
    const dy = (mesh.points[i * 3 + 1] ?? 0) - y;
    points[i * 2] = cos * dx + sin * dy;
    points[i * 2 + 1] = cos * dy - sin * dx;
  }
  return points;
}

/** Radius of the part that counts: the face and hardly anything behind it. */
const counted = 0.95;
const iterations = 8;

/**
 * How much of the difference between two views of a face a flat picture can't explain, [0, 1]: one view is warped
 * onto the other by the best cubic map of the plane (any move, tilt or smooth bend of a flat picture is close
 * to one), found by Gauss–Newton on the pixels (B. Lucas, T. Kanade, 1981) starting from the landmarks' own map;
 * what is left is 1 − the correlation of the two. A head that turns or nods shows parallax, hides and uncovers
 * parts, and its light changes.
 */
export function unexplained(from: FaceView, to: FaceView): number {
  const byLandmarks = residual(from, to, polynomialFit(to.points, from.points));
  return Math.min(byLandmarks, residual(from, to, identity));
}

function residual(from: FaceView, to: FaceView, start: Float64Array): number {
  let warp = start;
  let pair = compare(from, to, warp);
  for (let i = 0; i < iterations; i++) {
    const step = pair.overlap < leastOverlap ? undefined : improvement(pair, to);
    if (step === undefined) break;
    const next = warp.map((value, k) => value + (step[k] ?? 0));
    const better = compare(from, to, next);
    if (better.mismatch > pair.mismatch - 1e-4) break;
    warp = next;
    pair = better;
  }
  return pair.overlap < leastOverlap ? 1 : pair.mismatch;
}

/** Numbers of the counted pixels, and the terms at each, one after the other. */
const pixels: readonly number[] = Array.from({ length: patchSide * patchSide }, (_, at) => at).filter(
  (at) => Math.hypot(centre(at % patchSide), centre(Math.floor(at / patchSide))) < counted,
);
const bases = Float64Array.from(
  pixels.flatMap((at) => basisAt(centre(at % patchSide), centre(Math.floor(at / patchSide)))),
);

function centre(index: number): number {
  return (index + 0.5) / (patchSide / 2) - 1;
}

/** Part of the pixels that must still correspond. */
const leastOverlap = 1 / 3;

interface Comparison {
  /** Of each counted pixel: the warped view's value (NaN outside it) and its slopes. */
  readonly warped: Float64Array;
  readonly slopeX: Float64Array;
  readonly slopeY: Float64Array;
  readonly meanWarped: number;
  readonly meanTarget: number;
  /** The target's contrast over the warped one's. */
  readonly gain: number;
  readonly overlap: number;
  /** 1 − correlation. */
  readonly mismatch: number;
}

/** `from`, warped, beside `to`. */
function compare(from: FaceView, to: FaceView, warp: Float64Array): Comparison {
  const count = pixels.length;
  const warped = new Float64Array(count).fill(Number.NaN);
  const slopeX = new Float64Array(count);
  const slopeY = new Float64Array(count);
  let n = 0;
  let sumA = 0;
  let sumB = 0;
  let sumAA = 0;
  let sumBB = 0;
  let sumAB = 0;
  for (let p = 0; p < count; p++) {
    let u = 0;
    let v = 0;
    for (let i = 0; i < terms; i++) {
      const basis = bases[p * terms + i] as number;
      u += (warp[i] as number) * basis;
      v += (warp[i + terms] as number) * basis;
    }
    const x = ((u + 1) * patchSide) / 2 - 0.5;
    const y = ((v + 1) * patchSide) / 2 - 0.5;
    if (!(x >= 1 && y >= 1 && x < patchSide - 2 && y < patchSide - 2)) continue;
    const a = sample(from.grey, x, y);
    const b = to.grey[pixels[p] as number] as number;
    warped[p] = a;
    // Central differences over two pixels, in units of the coordinates.
    slopeX[p] = ((sample(from.grey, x + 1, y) - sample(from.grey, x - 1, y)) * patchSide) / 4;
    slopeY[p] = ((sample(from.grey, x, y + 1) - sample(from.grey, x, y - 1)) * patchSide) / 4;
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
    meanWarped: sumA / n,
    meanTarget: sumB / n,
    gain: known ? covariance / varianceA : 0,
    overlap: n / count,
    mismatch: known ? 1 - Math.max(0, covariance / Math.sqrt(varianceA * varianceB)) : 1,
  };
}

/** Bilinear; x and y at least 0 and below the side less one. */
function sample(grey: Float32Array, x: number, y: number): number {
  const left = Math.floor(x);
  const top = Math.floor(y);
  const fx = x - left;
  const fy = y - top;
  const at = top * patchSide + left;
  const upper = (grey[at] as number) * (1 - fx) + (grey[at + 1] as number) * fx;
  const lower = (grey[at + patchSide] as number) * (1 - fx) + (grey[at + patchSide + 1] as number) * fx;
  return upper * (1 - fy) + lower * fy;
}

/** One Gauss–Newton step for the warp's coefficients; undefined when the pixels don't determine one. */
function improvement(pair: Comparison, to: FaceView): Float64Array | undefined {
  const size = 2 * terms;
  const normal = new Float64Array(size * size);
  const right = new Float64Array(size);
  for (let p = 0; p < pixels.length; p++) {
    const value = pair.warped[p] as number;
    if (Number.isNaN(value)) continue;
    const target = to.grey[pixels[p] as number] as number;
    const error = target - pair.meanTarget - pair.gain * (value - pair.meanWarped);
    const gx = pair.gain * (pair.slopeX[p] as number);
    const gy = pair.gain * (pair.slopeY[p] as number);
    for (let i = 0; i < terms; i++) {
      const basis = bases[p * terms + i] as number;
      right[i] = (right[i] as number) + gx * basis * error;
      right[i + terms] = (right[i + terms] as number) + gy * basis * error;
      for (let k = 0; k <= i; k++) {
        const product = basis * (bases[p * terms + k] as number);
        const xx = i * size + k;
        const yx = (i + terms) * size + k;
        const yy = (i + terms) * size + k + terms;
        normal[xx] = (normal[xx] as number) + gx * gx * product;
        normal[yx] = (normal[yx] as number) + gx * gy * product;
        normal[yy] = (normal[yy] as number) + gy * gy * product;
      }
    }
  }
  complete(normal, size);
  return solve(normal, right);
}

/** Fills in what symmetry gives, and a little on the diagonal, so that flat regions don't run away. */
function complete(normal: Float64Array, size: number): void {
  for (let i = 0; i < terms; i++) {
    for (let k = i + 1; k < terms; k++) {
      normal[(i + terms) * size + k] = normal[(k + terms) * size + i] as number;
    }
  }
  let trace = 0;
  for (let i = 0; i < size; i++) {
    trace += normal[i * size + i] as number;
    for (let k = 0; k < i; k++) normal[k * size + i] = normal[i * size + k] as number;
  }
  for (let i = 0; i < size; i++) {
    normal[i * size + i] = (normal[i * size + i] as number) + (1e-6 * trace) / size;
  }
}
