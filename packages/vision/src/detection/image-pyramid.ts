import { keepMipmap } from '../crops/mipmaps.ts';
import type { Frame } from '../geometry/frame.ts';
import { bordered, resized } from '../image/resize.ts';
import { crowdLimits, limited } from './crowd-limits.ts';
import type { Detector } from './detector.ts';
import { type Candidate, type Proposal, weightedNms } from './nms.ts';
import { regionsOfInterest } from './regions-of-interest.ts';
import { tilesOf } from './tiles.ts';

/** Side in input pixels from which a face is found reliably, and the one large pictures make do with. */
const reliableSide = 25;
const largeReliableSide = 16;
/** Long side up to which the input is never cut for speed. */
const smallInput = 960;
/** Long side of the finest level: there a face of 40 px in the contract's largest picture has 20. */
const finest = 2048;
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

/**
 * Of a face in the level below the finest, its longer side in pixels: from `clear` on a sure one needs no finer look; beyond `whole` the finest
 * level shows nothing more of it, as it is larger than all but the largest anchors there.
 */
const hintSides = { clear: 28, whole: 80 } as const;
/** Score from which a finding is sure. */
const sure = 0.9;

/**
 * Runs the detector over the levels, coarse to fine; one merged box a face, in the frame's pixels. The finest level, three quarters
 * of all pixels, is searched only where the one below hints at a small face, if the detector is one that does.
 */
export async function detectOverPyramid(
  detector: Detector,
  frame: Frame,
  sides: readonly number[],
  threshold: number,
): Promise<Proposal[]> {
  const levels = await shrunkLevels(frame, sides, detector.multiple);
  const found: Candidate[] = [];
  let hints: Candidate[] = [];
  for (const level of levels.toReversed()) {
    const isCoarsest = level === levels.at(-1);
    const isRefined = level === levels[0] && !isCoarsest && Math.max(level.width, level.height) > minFinest;
    const regions = isRefined && detector.hintScore !== undefined ? hints : undefined;
    const candidates = await detectInLevel(detector, frame, level, {
      threshold: Math.min(threshold, detector.hintScore ?? threshold),
      margin: isCoarsest ? border : 0,
      hints: regions,
    });
    if (level === levels[1]) hints = hintsOf(candidates, frame.width / level.width);
    for (const candidate of candidates) if (candidate.score >= threshold) found.push(candidate);
  }
  return merged(found);
}

/** One box a face, of the best candidates. */
const merged = (candidates: readonly Candidate[]): Proposal[] =>
  weightedNms(limited(candidates, crowdLimits.candidates, (a, b) => b.score - a.score));

/**
 * Where a finer look may show more than these findings do: at small faces and unsure ones.
 * @param scale pixels of the frame over those of the level
 */
function hintsOf(findings: readonly Candidate[], scale: number): Candidate[] {
  return merged(findings).filter(({ score, width, height }) => {
    const side = Math.max(width, height) / scale;
    return side <= hintSides.whole && (score < sure || side < hintSides.clear);
  });
}

/** The frame at each level's size, finest first; each is shrunk from the one above (half the work, and smoother). */
async function shrunkLevels(frame: Frame, sides: readonly number[], multiple: number): Promise<Frame[]> {
  const levels: Frame[] = [];
  for (const { width, height } of levelSizes(frame, sides, multiple)) {
    const level = await resized(levels.at(-1) ?? frame, width, height);
    if (level.width < frame.width) keepMipmap(frame, level);
    levels.push(level);
  }
  return levels;
}

/** Each level's size in pixels: its long side to the frame's, both sides in whole numbers of the detector's `multiple`. */
export function levelSizes(
  { width, height }: Pick<Frame, 'width' | 'height'>,
  sides: readonly number[],
  multiple: number,
): { readonly width: number; readonly height: number }[] {
  const long = Math.max(width, height);
  return sides.map((side) => {
    const scaled = (length: number) => Math.max(1, Math.round((length * side) / long / multiple)) * multiple;
    return { width: scaled(width), height: scaled(height) };
  });
}

/** What the detector finds in one level, in the frame's pixels. */
async function detectInLevel(
  detector: Detector,
  frame: Frame,
  level: Frame,
  options: {
    readonly threshold: number;
    /** Pixels of grey around the level. */
    readonly margin: number;
    /** Boxes in the frame's pixels about which the level is searched; it all where there are none such. */
    readonly hints: readonly Candidate[] | undefined;
  },
): Promise<Candidate[]> {
  const { margin } = options;
  const seen = margin > 0 ? bordered(level, margin) : level;
  const kx = frame.width / level.width;
  const ky = frame.height / level.height;
  const regions =
    options.hints &&
    regionsOfInterest(
      level,
      options.hints.map(({ x, y, width, height }) => ({
        ...{ x: x / kx, y: y / ky },
        ...{ width: width / kx, height: height / ky },
      })),
    );
  const found: Candidate[] = [];
  for (const { left, top, frame: part } of tilesOf(seen, regions, detector.multiple)) {
    for (const box of await detector.find(part, options.threshold)) {
      // A box that a tile's edge cuts is whole in the next tile, or on the next level.
      const isCut =
        (left > 0 && box.x < 2) ||
        (top > 0 && box.y < 2) ||
        (left + part.width < seen.width && box.x + box.width > part.width - 2) ||
        (top + part.height < seen.height && box.y + box.height > part.height - 2);
      if (isCut) continue;
      found.push({
        x: (box.x + left - margin) * kx,
        y: (box.y + top - margin) * ky,
        width: box.width * kx,
        height: box.height * ky,
        score: box.score,
      });
    }
  }
  return found;
}

/** The frame at the pyramid's finest level, or itself where that is no smaller: for turned views. */
export async function downscaled(frame: Frame, sides: readonly number[]): Promise<Frame> {
  const scale = (sides[0] ?? minFinest) / Math.max(frame.width, frame.height);
  if (scale >= 1) return frame;
  return resized(frame, Math.round(frame.width * scale), Math.round(frame.height * scale));
}
