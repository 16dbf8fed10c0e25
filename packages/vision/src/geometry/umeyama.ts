import type { Point } from '@openfrs/core';
import type { Affine } from './affine.ts';

/**
 * The similarity transform (rotation, uniform scale, translation; no reflection) that takes `from` to `to` with the least squared error:
 * S. Umeyama, PAMI 1991. In the plane the SVD has a closed form: with centred points as complex numbers, the scaled rotation is
 * Σ to·conj(from) / Σ |from|². At least two distinct points.
 */
export function similarityTransform(from: readonly Point[], to: readonly Point[]): Affine {
  const n = from.length;
  let fromX = 0;
  let fromY = 0;
  let toX = 0;
  let toY = 0;
  for (let i = 0; i < n; i += 1) {
    fromX += (from[i] as Point).x / n;
    fromY += (from[i] as Point).y / n;
    toX += (to[i] as Point).x / n;
    toY += (to[i] as Point).y / n;
  }
  let real = 0;
  let imaginary = 0;
  let spread = 0;
  for (let i = 0; i < n; i += 1) {
    const x = (from[i] as Point).x - fromX;
    const y = (from[i] as Point).y - fromY;
    const u = (to[i] as Point).x - toX;
    const v = (to[i] as Point).y - toY;
    real += u * x + v * y;
    imaginary += v * x - u * y;
    spread += x * x + y * y;
  }
  const a = real / spread;
  const c = imaginary / spread;
  return { a, b: -c, tx: toX - (a * fromX - c * fromY), c, d: a, ty: toY - (c * fromX + a * fromY) };
}
