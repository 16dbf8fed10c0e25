import type { Frame } from '../geometry/frame.ts';

/** Pixels that are sampled to measure a picture's light. */
const samples = 4096;
/** Shares of the pixels that may lie beyond the levels which become black and white: glints and dead pixels. */
const beyond = 0.001;
/** Tiles across and down, each with a histogram of its own. */
const grid = 8;
/** By how much contrast may grow, at most: more would make faces of noise. */
const maxSlope = 3;

/**
 * Is this light in which detectors, trained in daylight, miss faces: fog (little contrast), night, glare, or dark things before a
 * bright background?
 */
export function hasPoorLight(frame: Frame): boolean {
  const levels = sampledLevels(frame);
  const level = (share: number) => levels[Math.floor(share * (levels.length - 1))] as number;
  const little = level(0.95) - level(0.05) < 100;
  const backlit = level(0.15) < 50 && level(0.75) > 180;
  return little || backlit || level(0.5) < 50 || level(0.5) > 205;
}

/**
 * The frame with its levels stretched to all of 0..255, then equalised locally: CLAHE (contrast-limited adaptive histogram
 * equalisation) of the luma; colours keep their proportions.
 */
export function withLocalContrast(frame: Frame): Frame {
  const { width, height } = frame;
  const data = stretched(frame);
  const columns = Math.ceil(width / grid);
  const rows = Math.ceil(height / grid);
  const luma = lumaOf(data);
  const tables = Array.from({ length: grid * grid }, (_, tile) =>
    equalization(luma, width, height, (tile % grid) * columns, Math.floor(tile / grid) * rows, columns, rows),
  );
  for (let y = 0; y < height; y += 1) {
    const [above, below, down] = neighbours(y, rows);
    for (let x = 0; x < width; x += 1) {
      const [left, right, across] = neighbours(x, columns);
      const from = luma[y * width + x] as number;
      const at = (row: number, column: number) => (tables[row * grid + column] as Uint8Array)[from] as number;
      const top = at(above, left) * (1 - across) + at(above, right) * across;
      const bottom = at(below, left) * (1 - across) + at(below, right) * across;
      const gain = (top * (1 - down) + bottom * down) / Math.max(from, 1);
      const pixel = (y * width + x) * 3;
      for (let channel = pixel; channel < pixel + 3; channel += 1)
        data[channel] = Math.min(255, Math.round((data[channel] as number) * gain));
    }
  }
  return { width, height, data };
}

/** The two tiles between whose centres a pixel lies, and how near it is to the second, [0, 1]. */
function neighbours(pixel: number, side: number): [number, number, number] {
  const place = Math.min(Math.max((pixel + 0.5) / side - 0.5, 0), grid - 1);
  const first = Math.floor(place);
  return [first, Math.min(first + 1, grid - 1), place - first];
}

/** A tile's table from level to level: its cumulated histogram, no steeper than `maxSlope`. */
function equalization(
  luma: Uint8Array,
  width: number,
  height: number,
  left: number,
  top: number,
  columns: number,
  rows: number,
): Uint8Array {
  const histogram = new Float64Array(256);
  let count = 0;
  for (let y = top; y < Math.min(top + rows, height); y += 1) {
    for (let x = left; x < Math.min(left + columns, width); x += 1) {
      const level = luma[y * width + x] as number;
      histogram[level] = (histogram[level] as number) + 1;
      count += 1;
    }
  }
  const most = (maxSlope * count) / 256;
  const clipped = histogram.map((number) => Math.min(number, most));
  const spread = (count - clipped.reduce((a, b) => a + b, 0)) / 256;
  let below = 0;
  return Uint8Array.from(clipped, (number) => {
    below += number + spread;
    return Math.round((255 * below) / Math.max(count, 1));
  });
}

/** A copy whose darkest and brightest levels, in any channel, are 0 and 255. */
function stretched(frame: Frame): Uint8Array {
  const levels = sampledLevels(frame);
  const low = levels[Math.floor(beyond * levels.length)] as number;
  const high = levels[Math.ceil((1 - beyond) * levels.length) - 1] as number;
  const scale = 255 / Math.max(high - low, 16);
  const table = Uint8Array.from({ length: 256 }, (_, level) =>
    Math.min(255, Math.max(0, Math.round((level - low) * scale))),
  );
  return frame.data.map((level) => table[level] as number);
}

/** Rec. 601's luma of each pixel. */
function lumaOf(data: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: data.length / 3 }, (_, pixel) => {
    const at = pixel * 3;
    return (77 * (data[at] as number) + 150 * (data[at + 1] as number) + 29 * (data[at + 2] as number)) >> 8;
  });
}

/** Luma of evenly spread pixels, ascending. */
function sampledLevels({ width, height, data }: Frame): Uint8Array {
  const count = Math.min(samples, width * height);
  const step = (width * height) / count;
  const picked = new Uint8Array(count * 3);
  for (let sample = 0; sample < count; sample += 1) {
    const at = Math.floor(sample * step) * 3;
    picked.set(data.subarray(at, at + 3), sample * 3);
  }
  return lumaOf(picked).sort();
}
