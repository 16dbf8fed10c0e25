import type { Frame } from '../frame.ts';
import { halved } from '../picture/halves.ts';
import type { Pixels } from '../sessions/sessions.ts';
import { type Affine, stride } from './affine.ts';
import { warpInto } from './warp.ts';

/** Bilinear sampling alone drops pixels, and aliases, when it shrinks by more than this. */
const largestStride = 1.6;

/**
 * `warpInto` for maps of any scale: where the crop is much smaller than its source, it is taken from the frame's
 * half, quarter or eighth, shrunk by sharp, so that every pixel counts.
 */
export async function sampleInto(frame: Frame, map: Affine, crops: Pixels, index: number): Promise<void> {
  const times = Math.max(0, Math.ceil(Math.log2(stride(map) / largestStride)));
  const smaller = await halved(frame, times);
  if (smaller === frame) return warpInto(frame, map, crops, index);
  // Source pixel centres (at halves) move with the picture's own, exact, scale.
  const kx = smaller.width / frame.width;
  const ky = smaller.height / frame.height;
  const moved: Affine = {
    a: map.a * kx,
    b: map.b * kx,
    tx: (map.tx + 0.5) * kx - 0.5,
    c: map.c * ky,
    d: map.d * ky,
    ty: (map.ty + 0.5) * ky - 0.5,
  };
  warpInto(smaller, moved, crops, index);
}
