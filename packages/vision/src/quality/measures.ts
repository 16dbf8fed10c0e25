import type { Pixels } from '../sessions/sessions.ts';

/** Luma (ITU-R BT.601) of a crop, 0..255. */
export function luma(crops: Pixels, index = 0): Float32Array {
  const size = crops.width * crops.height;
  const grey = new Float32Array(size);
  let at = index * size * 3;
  for (let pixel = 0; pixel < size; pixel += 1, at += 3) {
    grey[pixel] =
      0.299 * (crops.data[at] as number) +
      0.587 * (crops.data[at + 1] as number) +
      0.114 * (crops.data[at + 2] as number);
  }
  return grey;
}

/**
 * How sharp a grey picture is: variance of its Laplacian (J. L. Pech-Pacheco et al., "Diatom autofocusing in
 * brightfield microscopy", ICPR 2000) over the picture's own variance, so that contrast and light cancel out.
 * `part` is the share of each side that counts, around the middle: the face, not what is behind it.
 */
export function sharpness(grey: Float32Array, width: number, height: number, part = 0.75): number {
  const marginX = Math.max(1, Math.round((width * (1 - part)) / 2));
  const marginY = Math.max(1, Math.round((height * (1 - part)) / 2));
  let count = 0;
  let edge = 0;
  let edge2 = 0;
  let sum = 0;
  let sum2 = 0;
  for (let y = marginY; y < height - marginY; y += 1) {
    for (let x = marginX; x < width - marginX; x += 1) {
      const at = y * width + x;
      const value = grey[at] as number;
      const laplacian =
        (grey[at - 1] as number) +
        (grey[at + 1] as number) +
        (grey[at - width] as number) +
        (grey[at + width] as number) -
        4 * value;
      edge += laplacian;
      edge2 += laplacian * laplacian;
      sum += value;
      sum2 += value * value;
      count += 1;
    }
  }
  const edgeVariance = edge2 / count - (edge / count) ** 2;
  const variance = sum2 / count - (sum / count) ** 2;
  return edgeVariance / Math.max(variance, 1);
}

/** Mean of a grey picture, 0..255. */
export function brightness(grey: Float32Array): number {
  let sum = 0;
  for (const value of grey) sum += value;
  return sum / grey.length;
}
