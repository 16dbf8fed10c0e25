import type { Frame } from '../frame.ts';
import { resized } from '../picture/resize.ts';
import type { Pixels } from '../sessions/sessions.ts';
import { type Affine, stride } from './affine.ts';
import { warpInto } from './warp.ts';

/** Bilinear sampling alone drops pixels, and aliases, when it shrinks by more than this. */
const largestStride = 1.6;

/**
 * `warpInto` for maps of any scale: where the crop is much smaller than its source, the part of the frame under
 * it is shrunk by sharp first, so that every pixel counts.
 */
export async function sampleInto(frame: Frame, map: Affine, crops: Pixels, index: number): Promise<void> {
  const shrink = stride(map) / largestStride;
  const part = shrink > 1 ? coveredPart(frame, map, crops, Math.ceil(2 * shrink)) : undefined;
  if (part === undefined) return warpInto(frame, map, crops, index);
  const small = await resized(
    frame,
    Math.max(1, Math.round(part.width / shrink)),
    Math.max(1, Math.round(part.height / shrink)),
    part,
  );
  // Source pixel centres (at halves) move with the part's own, exact, scale.
  const kx = small.width / part.width;
  const ky = small.height / part.height;
  const moved: Affine = {
    a: map.a * kx,
    b: map.b * kx,
    tx: (map.tx + 0.5 - part.x) * kx - 0.5,
    c: map.c * ky,
    d: map.d * ky,
    ty: (map.ty + 0.5 - part.y) * ky - 0.5,
  };
  warpInto(small, moved, crops, index);
}

/** The frame's pixels that the map reaches, with a margin; undefined when it reaches none. */
function coveredPart(frame: Frame, map: Affine, crops: Pixels, margin: number) {
  const right = crops.width - 1;
  const bottom = crops.height - 1;
  const us = [0, right, 0, right];
  const vs = [0, 0, bottom, bottom];
  const xs = us.map((u, i) => map.a * u + map.b * (vs[i] as number) + map.tx);
  const ys = us.map((u, i) => map.c * u + map.d * (vs[i] as number) + map.ty);
  const x = Math.max(0, Math.floor(Math.min(...xs)) - margin);
  const y = Math.max(0, Math.floor(Math.min(...ys)) - margin);
  const width = Math.min(frame.width, Math.ceil(Math.max(...xs)) + margin) - x;
  const height = Math.min(frame.height, Math.ceil(Math.max(...ys)) + margin) - y;
  return width < 1 || height < 1 ? undefined : { x, y, width, height };
}
