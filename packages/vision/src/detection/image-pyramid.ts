import { keepMipmap } from '../crops/mipmaps.ts';
import type { Frame } from '../geometry/frame.ts';
import { bordered, resized } from '../image/resize.ts';
import { crowdLimits, limited } from './crowd-limits.ts';
import type { Detector } from './detector.ts';
import { type Candidate, type Proposal, weightedNms } from './nms.ts';

/** Side in input pixels from which a face is found reliably, and the one large pictures make do with. */
const reliableSide = 25;
const largeReliableSide = 16;
/** Long side up to which the input is never cut for speed. */
const smallInput = 960;
/** Long side of the finest level: there a face of 40 px in the contract's largest picture has 20. */
const finest = 2048;
/** Pixels of a tile, one run of the detector (its memory grows with them), and rows that neighbours share. */
const tilePixels = 1_000_000;
const tileOverlap = 128;
/** Long side of the coarsest level: there a face that fills the picture is of a usual size. */
const coarsest = 160;
/** The finest level is never below this: pictures of 80–320 px are taken nearly as they are. */
const minFinest = 320;

/**
 * The long sides of the levels: from the one where the smallest wanted face is `reliableSide`
 * pixels, halving down to the coarsest. `quick` keeps only the one nearest 320.
 */
export function pyramidLevels(longSide: number, minFacePx: number, quick = false): number[] {
  const scaled = (faceSide: number) => Math.round((longSide * faceSide) / minFacePx);
  const wanted = Math.min(
    longSide,
    finest,
    scaled(reliableSide),
    Math.max(smallInput, scaled(largeReliableSide)),
  );
  const top = Math.max(minFinest, wanted);
  const sides: number[] = [];
  for (let side = top; side >= coarsest; side /= 2) sides.push(Math.round(side));
  return quick ? sides.filter((side) => side <= 1.5 * minFinest).slice(0, 1) : sides;
}

/** Border around the smallest picture: a face that is cut by the picture's edge is found with room around it. */
const border = 32;

/** Runs the detector at every level; one merged box a face, in the frame's pixels. */
export async function detectOverPyramid(
  detector: Detector,
  frame: Frame,
  sides: readonly number[],
  threshold: number,
): Promise<Proposal[]> {
  const found: Candidate[] = [];
  const long = Math.max(frame.width, frame.height);
  const level = (from: Frame, side: number) => {
    const scaled = (length: number) =>
      Math.max(1, Math.round((length * side) / long / detector.multiple)) * detector.multiple;
    return resized(from, scaled(frame.width), scaled(frame.height));
  };
  let next = level(frame, sides[0] ?? minFinest);
  for (const index of sides.keys()) {
    const larger = await next;
    const below = sides[index + 1];
    // Each level is shrunk from the one above (half the work, and smoother), while the detector runs on that one.
    if (below !== undefined) {
      next = level(larger, below);
      // Where the detector fails first, this failure has no other handler.
      next.catch(() => undefined);
    }
    if (larger.width < frame.width) keepMipmap(frame, larger);
    const margin = below === undefined ? border : 0;
    const seen = margin > 0 ? bordered(larger, margin) : larger;
    const kx = frame.width / larger.width;
    const ky = frame.height / larger.height;
    for (const strip of tiles(seen, detector.multiple)) {
      for (const box of await detector.find(strip.frame, threshold)) {
        // A box that a strip's edge cuts is whole in the next strip, or on the next level.
        const bottom = box.y + box.height;
        if ((strip.top > 0 && box.y < 2) || (!strip.last && bottom > strip.frame.height - 2)) continue;
        found.push({
          x: (box.x - margin) * kx,
          y: (box.y + strip.top - margin) * ky,
          width: box.width * kx,
          height: box.height * ky,
          score: box.score,
        });
      }
    }
  }
  return weightedNms(limited(found, crowdLimits.candidates, (a, b) => b.score - a.score));
}

interface Tile {
  readonly frame: Frame;
  readonly top: number;
  readonly last: boolean;
}

/** The picture in strips of rows, one over the other by `stripOverlap`: no pixels are copied. */
function tiles(frame: Frame, multiple: number): Tile[] {
  const { width, height, data } = frame;
  const count = Math.ceil((width * height) / tilePixels);
  const rows = Math.ceil((height + (count - 1) * tileOverlap) / count / multiple) * multiple;
  if (count === 1 || rows >= height) return [{ frame, top: 0, last: true }];
  return Array.from({ length: count }, (_, index) => {
    const last = index === count - 1;
    // The last strip ends with the picture and is as high as the others, so that memory is used again.
    const top = last ? height - rows : index * (rows - tileOverlap);
    const part = data.subarray(top * width * 3, (top + rows) * width * 3);
    return { frame: { width, height: rows, data: part }, top, last };
  });
}

/** The frame at the pyramid's finest level, or itself where that is no smaller: for turned views. */
export async function downscaled(frame: Frame, sides: readonly number[]): Promise<Frame> {
  const scale = (sides[0] ?? minFinest) / Math.max(frame.width, frame.height);
  if (scale >= 1) return frame;
  return resized(frame, Math.round(frame.width * scale), Math.round(frame.height * scale));
}
