import { countedPlaces, termsAtPixels } from './planar-kernel.ts';
import { basisInto, identity, polynomialFit, solve, terms } from './polynomial-warp.ts';

/**
 * A map from one view to another: a polynomial of the plane, and beside it a displacement by the depth of what is
 * seen, which no flat thing has. Coefficients of x (the terms, then the depth's), then of y.
 */
export type Warp = Float64Array;
/** Coefficients of one coordinate. */
export const width = terms + 1;

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

const termsAtPoint = new Float64Array(terms);

/** Where a warp takes a point from, depth left aside. */
export function applyPlanar(warp: Warp, x: number, y: number): readonly [number, number] {
  basisInto(termsAtPoint, x, y);
  let u = 0;
  let v = 0;
  for (let i = 0; i < terms; i++) {
    const term = termsAtPoint[i] as number;
    u += (warp[i] as number) * term;
    v += (warp[width + i] as number) * term;
  }
  return [u, v];
}

/** Of a fit to the counted pixels: the sums of each two terms' products. */
const normal = (() => {
  const sums = new Float64Array(terms * terms);
  for (let at = 0; at < termsAtPixels.length; at += terms)
    for (let i = 0; i < terms; i++)
      for (let k = 0; k < terms; k++)
        sums[i * terms + k] =
          (sums[i * terms + k] as number) +
          (termsAtPixels[at + i] as number) * (termsAtPixels[at + k] as number);
  return sums;
})();

/** What is left of a depth at the counted pixels when the best polynomial is taken away: what no bend can imitate. */
export function depthResidual(depthAt: (x: number, y: number) => number): Float64Array {
  const depth = Float64Array.from(countedPlaces, ([x, y]) => depthAt(x, y));
  const right = new Float64Array(terms);
  for (let p = 0, at = 0; p < depth.length; p++)
    for (let i = 0; i < terms; i++, at++)
      right[i] = (right[i] as number) + (termsAtPixels[at] as number) * (depth[p] as number);
  const smooth = solve(normal, right) ?? new Float64Array(terms);
  for (let p = 0, at = 0; p < depth.length; p++) {
    let left = depth[p] as number;
    for (let i = 0; i < terms; i++, at++) left -= (smooth[i] as number) * (termsAtPixels[at] as number);
    depth[p] = left;
  }
  return depth;
}
