import type { Frame } from '../frame.ts';
import { bordered, resized } from '../picture/resize.ts';
import { type Candidate, mergeBoxes, type Proposal } from './boxes.ts';
import type { Detector } from './detector.ts';

/** Side in input pixels from which a face is found reliably. */
const sureSide = 25;
/** Long side of the largest picture looked at: bounds the memory that the detector keeps. */
const finest = 2048;
/** Long side of the smallest picture looked at: here a face that fills the picture is of a usual size. */
const coarsest = 160;
/** No picture is shrunk below this: pictures of 80–320 px are looked at nearly as they are. */
const leastTop = 320;

/**
 * The long sides at which a picture is looked at: from the one where the smallest wanted face is `sureSide`
 * pixels, halving down to the coarsest. `quick` keeps only the one nearest 320.
 */
export function levels(longSide: number, minFacePx: number, quick = false): number[] {
  const wanted = Math.min(longSide, finest, Math.round((longSide * sureSide) / minFacePx));
  const top = Math.max(leastTop, wanted);
  const sides: number[] = [];
  for (let side = top; side >= coarsest; side /= 2) sides.push(Math.round(side));
  return quick ? sides.filter((side) => side <= 1.5 * leastTop).slice(0, 1) : sides;
}

/** Border around the smallest picture: a face that is cut by the picture's edge is found with room around it. */
const border = 32;

/** Runs the detector at every level; one merged box a face, in the frame's pixels. */
export async function detectAcross(
  detector: Detector,
  frame: Frame,
  sides: readonly number[],
  threshold: number,
): Promise<Proposal[]> {
  const found: Candidate[] = [];
  let larger = frame;
  const long = Math.max(frame.width, frame.height);
  for (const side of sides) {
    const scaled = (length: number) =>
      Math.max(1, Math.round((length * side) / long / detector.multiple)) * detector.multiple;
    // Each level is shrunk from the one above: half the work, and smoother.
    larger = await resized(larger, scaled(frame.width), scaled(frame.height));
    const margin = side === sides.at(-1) ? border : 0;
    const seen = margin > 0 ? await bordered(larger, margin) : larger;
    const kx = frame.width / larger.width;
    const ky = frame.height / larger.height;
    for (const box of await detector.find(seen, threshold)) {
      found.push({
        x: (box.x - margin) * kx,
        y: (box.y - margin) * ky,
        width: box.width * kx,
        height: box.height * ky,
        score: box.score,
      });
    }
  }
  return mergeBoxes(found);
}

/** The frame at the pyramid's finest level, or itself where that is no smaller: for looking again from other sides. */
export async function preview(frame: Frame, sides: readonly number[]): Promise<Frame> {
  const scale = (sides[0] ?? leastTop) / Math.max(frame.width, frame.height);
  if (scale >= 1) return frame;
  return resized(frame, Math.round(frame.width * scale), Math.round(frame.height * scale));
}
