import { kernel } from '../kernel/kernel.ts';
import type { Pixels } from '../runtime/sessions.ts';

/** Room in the kernel's memory for what it answers. */
const answerBytes = 1024;

/** Luma (ITU-R BT.601) of a crop, 0..255. */
export function luma(crops: Pixels, index = 0): Float32Array {
  const size = crops.width * crops.height;
  const greyAt = (size * 3 + 15) & ~15;
  const { run, bytes } = kernel(greyAt + size * 4);
  bytes.set(crops.data.subarray(index * size * 3, (index + 1) * size * 3));
  run.luma(0, size, greyAt);
  return new Float32Array(bytes.buffer, greyAt, size).slice();
}

/**
 * How sharp a grey picture is: variance of its Laplacian (J. L. Pech-Pacheco et al., "Diatom autofocusing in
 * brightfield microscopy", ICPR 2000) over the picture's own variance, so that contrast and light cancel out.
 * `part` is the share of each side that counts, around the middle: the face, not what is behind it.
 */
export function sharpness(grey: Float32Array, width: number, height: number, part = 0.75): number {
  const marginX = Math.max(1, Math.round((width * (1 - part)) / 2));
  const marginY = Math.max(1, Math.round((height * (1 - part)) / 2));
  const { run, answer } = withGrey(grey);
  run.edges(answerBytes, width, height, marginX, marginY, 0);
  const [edge = 0, edge2 = 0, sum = 0, sum2 = 0] = answer;
  const count = (width - 2 * marginX) * (height - 2 * marginY);
  const edgeVariance = edge2 / count - (edge / count) ** 2;
  const variance = sum2 / count - (sum / count) ** 2;
  return edgeVariance / Math.max(variance, 1);
}

/** Mean of a grey picture, 0..255. */
export function brightness(grey: Float32Array): number {
  return withGrey(grey).run.brightness(answerBytes, grey.length) / grey.length;
}

/** A rectangle, its right and bottom edges not part of it. */
export interface Region {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface Light {
  /** Share of pixels darker or brighter than the limits. */
  readonly lost: number;
  /** 0..255 */
  readonly mean: number;
  /** Overlap of the histograms of the picture's left and right half, over half the pixels: 1 where both are lit alike. */
  readonly shared: number;
}

const bins = 32;

/** How a region of a grey picture is lit. */
export function lightOf(
  grey: Float32Array,
  width: number,
  region: Region,
  dark: number,
  bright: number,
): Light {
  const { left, right, top, bottom } = region;
  const { run, answer } = withGrey(grey);
  run.light(answerBytes, width, left, right, top, bottom, dark, bright, bins, 0);
  const [lost = 0, sum = 0] = answer;
  const count = (right - left) * (bottom - top);
  let shared = 0;
  for (let bin = 0; bin < bins; bin += 1) {
    shared += Math.min(answer[2 + bin] as number, answer[2 + bins + bin] as number);
  }
  return { lost: lost / count, mean: sum / count, shared: shared / (count / 2) };
}

/** The mean colour of each region of a crop: red, green and blue, 0..255. */
export function meanColours(crop: Pixels, regions: readonly Region[]): number[][] {
  const size = crop.width * crop.height * 3;
  const { run, bytes } = kernel(answerBytes + size);
  bytes.set(crop.data.subarray(0, size), answerBytes);
  return regions.map(({ left, right, top, bottom }) => {
    const [columns, rows] = [right - left, bottom - top];
    run.mean(answerBytes, crop.width, left, top, columns, rows, 0);
    return [...new Float64Array(bytes.buffer, 0, 3)].map((sum) => sum / (columns * rows));
  });
}

/** The kernel with the grey picture behind its answers. */
function withGrey(grey: Float32Array) {
  const { run, bytes } = kernel(answerBytes + grey.byteLength);
  new Float32Array(bytes.buffer, answerBytes, grey.length).set(grey);
  return { run, answer: new Float64Array(bytes.buffer, 0, answerBytes / 8) };
}
