import type { Frame } from '../geometry/frame.ts';
import { resized } from '../image/resize.ts';

/** A frame's mipmaps, kept as long as the frame: faces are detected in them, and cropped from them. */
const copies = new WeakMap<Frame, Frame[]>();
/** Halves under way, so that crops that are taken at once don't shrink the same frame twice. */
const halves = new WeakMap<Frame, Promise<Frame>>();

/** Says that `copy` shows the same picture as `frame`, smaller. */
export function keepMipmap(frame: Frame, copy: Frame): void {
  const known = copies.get(frame);
  if (known === undefined) copies.set(frame, [copy]);
  else if (known.every(({ width }) => width !== copy.width)) known.push(copy);
}

/**
 * The frame at a size for sampling with a step of `stride` of its pixels: a copy in which the step is between `least`
 * and `most` pixels. One that is there already, else the smallest one above, halved (each half is computed once).
 */
export async function mipmapForStride(
  frame: Frame,
  stride: number,
  least: number,
  most: number,
): Promise<Frame> {
  const step = (copy: Frame) => (stride * copy.width) / frame.width;
  let smaller = frame;
  for (const copy of copies.get(frame) ?? []) {
    if (copy.width < smaller.width && step(copy) >= least && step(smaller) > most) smaller = copy;
  }
  while (step(smaller) > most && Math.min(smaller.width, smaller.height) > 1) smaller = await half(smaller);
  return smaller;
}

function half(frame: Frame): Promise<Frame> {
  const known = halves.get(frame);
  if (known !== undefined) return known;
  const made = resized(frame, Math.ceil(frame.width / 2), Math.ceil(frame.height / 2));
  halves.set(frame, made);
  made.catch(() => halves.delete(frame));
  return made;
}
