import type { FaceMesh } from '../frame.ts';
import { basisAt, identity, type PolynomialWarp, polynomialFit, solve, terms } from './polynomial-warp.ts';

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
  const starts = [polynomialFit(to.points, from.points), identity];
  return Math.min(...starts.map((start) => residual(from, to, start)));
}

function residual(from: FaceView, to: FaceView, start: PolynomialWarp): number {
  let warp = start;
  let best = mismatch(from, to, warp);
  for (let i = 0; i < iterations; i++) {
    const next = improved(from, to, warp);
    if (next === undefined) break;
    const value = mismatch(from, to, next);
    if (value > best - 1e-5) break;
    warp = next;
    best = value;
  }
  return best;
}

/** Pixel centres of the counted part, in −1..1. */
const grid: readonly { readonly basis: readonly number[]; readonly at: number }[] = Array.from(
  { length: patchSide * patchSide },
  (_, at) => ({
    x: ((at % patchSide) + 0.5) / (patchSide / 2) - 1,
    y: (Math.floor(at / patchSide) + 0.5) / (patchSide / 2) - 1,
    at,
  }),
)
  .filter(({ x, y }) => x * x + y * y < counted * counted)
  .map((pixel) => ({ ...pixel, basis: basisAt(pixel.x, pixel.y) }));

interface Pair {
  readonly basis: readonly number[];
  readonly warped: number;
  readonly target: number;
  readonly slopeX: number;
  readonly slopeY: number;
}

/** Corresponding pixels under a warp, where it stays within the view. */
function pairs(from: FaceView, to: FaceView, warp: PolynomialWarp): Pair[] {
  const found: Pair[] = [];
  for (const { basis, at } of grid) {
    const [u, v] = warp.map(basis);
    const px = ((u + 1) * patchSide) / 2 - 0.5;
    const py = ((v + 1) * patchSide) / 2 - 0.5;
    if (px < 1 || py < 1 || px >= patchSide - 2 || py >= patchSide - 2) continue;
    const value = (dx: number, dy: number) => sample(from.grey, px + dx, py + dy);
    const slope = patchSide / 2;
    found.push({
      basis,
      warped: value(0, 0),
      target: to.grey[at] ?? 0,
      slopeX: ((value(1, 0) - value(-1, 0)) / 2) * slope,
      slopeY: ((value(0, 1) - value(0, -1)) / 2) * slope,
    });
  }
  return found;
}

function sample(grey: Float32Array, x: number, y: number): number {
  const left = Math.max(0, Math.min(patchSide - 2, Math.floor(x)));
  const top = Math.max(0, Math.min(patchSide - 2, Math.floor(y)));
  const fx = x - left;
  const fy = y - top;
  const at = top * patchSide + left;
  const upper = (grey[at] ?? 0) * (1 - fx) + (grey[at + 1] ?? 0) * fx;
  const lower = (grey[at + patchSide] ?? 0) * (1 - fx) + (grey[at + patchSide + 1] ?? 0) * fx;
  return upper * (1 - fy) + lower * fy;
}

function moments(list: readonly Pair[]) {
  const n = Math.max(1, list.length);
  const meanA = list.reduce((sum, p) => sum + p.warped, 0) / n;
  const meanB = list.reduce((sum, p) => sum + p.target, 0) / n;
  let aa = 0;
  let bb = 0;
  let ab = 0;
  for (const { warped, target } of list) {
    aa += (warped - meanA) ** 2;
    bb += (target - meanB) ** 2;
    ab += (warped - meanA) * (target - meanB);
  }
  return { meanA, meanB, aa, bb, ab };
}

function mismatch(from: FaceView, to: FaceView, warp: PolynomialWarp): number {
  const list = pairs(from, to, warp);
  if (list.length < grid.length / 3) return 1;
  const { aa, bb, ab } = moments(list);
  return aa <= 0 || bb <= 0 ? 1 : 1 - Math.max(0, ab / Math.sqrt(aa * bb));
}

/** One Gauss–Newton step; undefined when the pixels don't determine one. */
function improved(from: FaceView, to: FaceView, warp: PolynomialWarp): PolynomialWarp | undefined {
  const list = pairs(from, to, warp);
  if (list.length < grid.length / 3) return undefined;
  const { meanA, meanB, aa, ab } = moments(list);
  if (aa <= 0) return undefined;
  const gain = ab / aa;
  const size = 2 * terms;
  const normal = new Float64Array(size * size);
  const right = new Float64Array(size);
  const row = new Float64Array(size);
  for (const { basis, warped, target, slopeX, slopeY } of list) {
    for (let k = 0; k < terms; k++) {
      row[k] = gain * slopeX * (basis[k] ?? 0);
      row[k + terms] = gain * slopeY * (basis[k] ?? 0);
    }
    const error = target - meanB - gain * (warped - meanA);
    for (let i = 0; i < size; i++) {
      right[i] = (right[i] ?? 0) + (row[i] ?? 0) * error;
      for (let k = 0; k < size; k++) {
        normal[i * size + k] = (normal[i * size + k] ?? 0) + (row[i] ?? 0) * (row[k] ?? 0);
      }
    }
  }
  const trace = Array.from({ length: size }, (_, i) => normal[i * size + i] ?? 0).reduce((a, b) => a + b, 0);
  for (let i = 0; i < size; i++) normal[i * size + i] = (normal[i * size + i] ?? 0) + (1e-6 * trace) / size;
  const step = solve(normal, right);
  return step === undefined ? undefined : warp.plus(step);
}
