import type { Frame, Rect } from '../geometry/frame.ts';

/** Pixels of a tile, one run of the detector (its memory grows with them), and rows that neighbours share. */
const tilePixels = 1_000_000;
const tileOverlap = 128;
/** A part of a level, one run of the detector. */
interface Tile {
  readonly frame: Frame;
  readonly left: number;
  readonly top: number;
}

/**
 * The level in tiles: strips of rows that overlap, of each region where there are some. No pixels are copied where the level is searched whole.
 * @param multiple of a tile's sides in pixels
 */
export function tilesOf(level: Frame, regions: readonly Rect[] | undefined, multiple: number): Tile[] {
  if (regions === undefined) return strips(level, multiple);
  return regions.flatMap((region) =>
    strips(cutOut(level, region), multiple).map(({ frame, left, top }) => ({
      frame,
      left: left + region.x,
      top: top + region.y,
    })),
  );
}

/** A copy of a rectangle of whole pixels; the frame itself where it is all of it. */
function cutOut(frame: Frame, { x, y, width, height }: Rect): Frame {
  if (width === frame.width && height === frame.height) return frame;
  const data = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row += 1) {
    const at = ((y + row) * frame.width + x) * 3;
    data.set(frame.data.subarray(at, at + width * 3), row * width * 3);
  }
  return { width, height, data };
}

/** The picture in strips of rows, one over the other by `tileOverlap`: no pixels are copied. */
function strips(frame: Frame, multiple: number): Tile[] {
  const { width, height, data } = frame;
  const count = Math.ceil((width * height) / tilePixels);
  const rows = Math.ceil((height + (count - 1) * tileOverlap) / count / multiple) * multiple;
  if (count === 1 || rows >= height) return [{ frame, left: 0, top: 0 }];
  return Array.from({ length: count }, (_, index) => {
    // The last strip ends with the picture and is as high as the others, so that memory is used again.
    const top = index === count - 1 ? height - rows : index * (rows - tileOverlap);
    const part = data.subarray(top * width * 3, (top + rows) * width * 3);
    return { frame: { width, height: rows, data: part }, left: 0, top };
  });
}
