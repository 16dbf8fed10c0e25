import type { Frame } from '../frame.ts';
import { resized } from './resize.ts';

/** A frame's half, kept as long as the frame: its faces are cropped from it many times. */
const halves = new WeakMap<Frame, Promise<Frame>>();

/** The frame shrunk to half its size `times` times; each half is computed once. */
export async function halved(frame: Frame, times: number): Promise<Frame> {
  let smaller = frame;
  for (let time = 0; time < times && Math.min(smaller.width, smaller.height) > 1; time += 1) {
    let half = halves.get(smaller);
    if (half === undefined) {
      half = resized(smaller, Math.ceil(smaller.width / 2), Math.ceil(smaller.height / 2));
      halves.set(smaller, half);
    }
    smaller = await half;
  }
  return smaller;
}
