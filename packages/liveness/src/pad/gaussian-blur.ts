import { viewSide } from '../tracking/face-view.ts';
import { viewKernel } from './view-kernel.ts';

/**
 * A view's picture blurred by a Gaussian of `sigma` pixels, edges repeated: three running means (P. Kovesi, "Fast almost-
 * Gaussian filtering", DICTA 2010), for sigmas below 2 a kernel.
 */
export function gaussianBlur(grey: Float32Array, sigma: number): Float32Array {
  const { at, pictures } = viewKernel();
  pictures.blurred.set(grey);
  blurAt(at.blurred, sigma);
  return pictures.blurred.slice();
}

/** The same of a picture in the kernel, in place. */
export function blurAt(picture: number, sigma: number): void {
  const { run, values, room } = viewKernel();
  if (sigma >= 2) {
    run.boxes(picture, viewSide, ...boxRadii(sigma), room);
    return;
  }
  const half = halfGaussian(sigma);
  values.set(half);
  run.blur(picture, viewSide, values.byteOffset, half.length - 1, room);
}

/** One half of a Gaussian with its middle, cut off at 2.5 sigma; sums to 1 with the other half. */
function halfGaussian(sigma: number): Float32Array {
  const half = Float32Array.from({ length: Math.ceil(2.5 * sigma) + 1 }, (_, i) =>
    Math.exp(-(i * i) / (2 * sigma * sigma)),
  );
  const total = half.reduce((sum, value, i) => sum + (i === 0 ? value : 2 * value), 0);
  return half.map((value) => value / total);
}

/** Radii of three boxes whose variances add up to nearly that of the Gaussian. */
function boxRadii(sigma: number): readonly [number, number, number] {
  const narrow = Math.floor((Math.sqrt(4 * sigma * sigma + 1) - 1) / 2);
  const width = 2 * narrow + 1;
  const narrowOnes = Math.round((12 * sigma * sigma - 3 * width * width - 12 * width - 9) / (-4 * width - 4));
  return [0, 1, 2].map((i) => (i < narrowOnes ? narrow : narrow + 1)) as [number, number, number];
}

/** Taken off before squares are summed: sums of 32 bits stay exact enough near the middle of the grey levels. */
const middleGrey = 128;

/**
 * (I − G·I) / √(G·I² − (G·I)² + floor²): detail alone, whatever the light (local contrast normalisation). Spread in
 * pixels, floor in grey levels: weaker detail is taken for noise.
 */
export function locallyNormalised(grey: Float32Array, sigma: number, floor: number): Float32Array {
  const centred = grey.map((value) => value - middleGrey);
  const mean = gaussianBlur(centred, sigma);
  const squares = gaussianBlur(
    centred.map((value) => value * value),
    sigma,
  );
  for (let at = 0; at < mean.length; at++) {
    const m = mean[at] as number;
    const variance = Math.max(0, (squares[at] as number) - m * m);
    mean[at] = ((centred[at] as number) - m) / Math.sqrt(variance + floor * floor);
  }
  return mean;
}
