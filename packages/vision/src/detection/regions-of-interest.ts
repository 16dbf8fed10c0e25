import type { Rect } from '../geometry/frame.ts';

/** Side of a cell, in the level's pixels; a multiple of every detector's `multiple`. */
const cell = 64;
/** Room around a hint in which the detector sees what surrounds the face: pixels, and a share of the hint's side. */
const room = { pixels: 32, share: 0.5 } as const;
/** Share of the level from which it is searched whole: regions overlap, and each run costs something. */
const mostOfLevel = 0.7;

/**
 * The parts of a pyramid level that are worth searching: rectangles of whole cells around the hints, of which none overlaps another;
 * the whole level where they are most of it, none without hints.
 * @param hints boxes in the level's pixels where the level below may show a face
 */
export function regionsOfInterest(level: Size, hints: readonly Rect[]): Rect[] {
  const regions: Cells[] = [];
  for (const hint of hints) {
    const around = cellsAround(hint, level);
    if (around.left < around.right && around.top < around.bottom) addRegion(regions, around);
  }
  const rects = regions.map(({ left, top, right, bottom }) => ({
    x: left * cell,
    y: top * cell,
    width: Math.min(right * cell, level.width) - left * cell,
    height: Math.min(bottom * cell, level.height) - top * cell,
  }));
  const area = rects.reduce((sum, { width, height }) => sum + width * height, 0);
  const { width, height } = level;
  return area > mostOfLevel * width * height ? [{ x: 0, y: 0, width, height }] : rects;
}

type Size = Pick<Rect, 'width' | 'height'>;

/** A rectangle of cells; right and bottom lie behind it. */
interface Cells {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

function cellsAround(hint: Rect, level: Size): Cells {
  const margin = room.pixels + room.share * Math.max(hint.width, hint.height);
  const first = (from: number) => Math.max(0, Math.floor((from - margin) / cell));
  const behind = (to: number, length: number) =>
    Math.min(Math.ceil(length / cell), Math.ceil((to + margin) / cell));
  return {
    left: first(hint.x),
    top: first(hint.y),
    right: behind(hint.x + hint.width, level.width),
    bottom: behind(hint.y + hint.height, level.height),
  };
}

/** Adds a region, as one with those that it overlaps or touches. */
function addRegion(regions: Cells[], added: Cells): void {
  let region = added;
  // What has grown may touch what it didn't before.
  for (let index = 0; index < regions.length; index += 1) {
    const other = regions[index] as Cells;
    if (!touch(region, other)) continue;
    region = {
      left: Math.min(region.left, other.left),
      top: Math.min(region.top, other.top),
      right: Math.max(region.right, other.right),
      bottom: Math.max(region.bottom, other.bottom),
    };
    regions.splice(index, 1);
    index = -1;
  }
  regions.push(region);
}

function touch(a: Cells, b: Cells): boolean {
  return a.left <= b.right && b.left <= a.right && a.top <= b.bottom && b.top <= a.bottom;
}
