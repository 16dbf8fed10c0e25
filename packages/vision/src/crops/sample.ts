import { type Affine, stride } from '../geometry/affine.ts';
import type { Frame } from '../geometry/frame.ts';
import type { Pixels } from '../runtime/sessions.ts';
import { mipmapForStride } from './mipmaps.ts';
import { warpInto } from './warp.ts';

/** Bilinear sampling alone drops pixels, and aliases, when it shrinks by more than this. */
const largestStride = 1.6;
/** With a smaller step than this, detail that the frame has would be missing. The pyramid's first level is 0.4 of the frame: no gap. */
const smallestStride = 0.4 * largestStride;

/**
 * `warpInto` for maps of any scale: where the crop is much smaller than its source, it is taken from a copy of the
 * frame, shrunk by sharp, so that every pixel counts.
 */
export async function sampleInto(frame: Frame, map: Affine, crops: Pixels, index: number): Promise<void> {
  const smaller = await mipmapForStride(frame, stride(map), smallestStride, largestStride);
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
