import type { Frame } from '../geometry/frame.ts';

/** Pixels that are sampled to measure a picture's light. */
const samples = 4096;
/** Shares of the pixels that may lie beyond the levels which become black and white: glints and dead pixels. */
const beyond = 0.001;
/** Tiles across and down, each with a histogram of its own. */
const grid = 8;
/** Levels of a channel, and of luma. */
const levels = 256;
/** By how much contrast may grow, at most: more would make faces of noise. */
const maxSlope = 3;

/**
 * Is this light in which detectors, trained in daylight, miss faces: fog (little contrast), night, glare, or dark things before a
 * bright background?
 */
export function hasPoorLight(frame: Frame): boolean {
  const sampled = sampledLevels(frame);
  const level = (share: number) => sampled[Math.floor(share * (sampled.length - 1))] as number;
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
  const tables = new Uint8Array(grid * grid * levels);
  for (let tile = 0; tile < grid * grid; tile += 1) {
    const [left, top] = [(tile % grid) * columns, Math.floor(tile / grid) * rows];
    tables.set(equalization(luma, width, height, left, top, columns, rows), tile * levels);
  }
  const across = neighbours(width, columns);
  const down = neighbours(height, rows);
  for (let y = 0; y < height; y += 1) {
    const row = {
      above: down.first[y] as number,
      below: down.second[y] as number,
      share: down.share[y] as number,
    };
    equalizeRow(data, luma, y * width, tables, across, row);
  }
  return { width, height, data };
}

/** Gives a row's pixels, from number `start` on, the contrast of the four tiles around each. */
function equalizeRow(
  data: Uint8Array,
  luma: Uint8Array,
  start: number,
  tables: Uint8Array,
  { first, second, share }: Neighbours,
  row: { readonly above: number; readonly below: number; readonly share: number },
): void {
  const [above, below, lower] = [row.above * grid, row.below * grid, row.share];
  for (let x = 0; x < first.length; x += 1) {
    const level = luma[start + x] as number;
    const left = first[x] as number;
    const right = second[x] as number;
    const further = share[x] as number;
    const top =
      (tables[(above + left) * levels + level] as number) * (1 - further) +
      (tables[(above + right) * levels + level] as number) * further;
    const bottom =
      (tables[(below + left) * levels + level] as number) * (1 - further) +
      (tables[(below + right) * levels + level] as number) * further;
    const gain = (top * (1 - lower) + bottom * lower) / Math.max(level, 1);
    const pixel = (start + x) * 3;
    data[pixel] = Math.min(255, Math.round((data[pixel] as number) * gain));
    data[pixel + 1] = Math.min(255, Math.round((data[pixel + 1] as number) * gain));
    data[pixel + 2] = Math.min(255, Math.round((data[pixel + 2] as number) * gain));
  }
}

/** Of each pixel of a row or column: the two tiles between whose centres it lies, and how near it is to the second, [0, 1]. */
interface Neighbours {
  readonly first: Uint8Array;
  readonly second: Uint8Array;
  readonly share: Float64Array;
}

function neighbours(length: number, side: number): Neighbours {
  const first = new Uint8Array(length);
  const second = new Uint8Array(length);
  const share = new Float64Array(length);
  for (let pixel = 0; pixel < length; pixel += 1) {
    const place = Math.min(Math.max((pixel + 0.5) / side - 0.5, 0), grid - 1);
    const tile = Math.floor(place);
    first[pixel] = tile;
    second[pixel] = Math.min(tile + 1, grid - 1);
    share[pixel] = place - tile;
  }
  return { first, second, share };
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
  const histogram = new Float64Array(levels);
  let count = 0;
  for (let y = top; y < Math.min(top + rows, height); y += 1) {
    for (let x = left; x < Math.min(left + columns, width); x += 1) {
      const level = luma[y * width + x] as number;
      histogram[level] = (histogram[level] as number) + 1;
      count += 1;
    }
  }
  const most = (maxSlope * count) / levels;
  const clipped = histogram.map((number) => Math.min(number, most));
  const spread = (count - clipped.reduce((a, b) => a + b, 0)) / levels;
  let below = 0;
  return Uint8Array.from(clipped, (number) => {
    below += number + spread;
    return Math.round((255 * below) / Math.max(count, 1));
  });
}

/** A copy whose darkest and brightest levels, in any channel, are 0 and 255. */
function stretched(frame: Frame): Uint8Array {
  const sampled = sampledLevels(frame);
  const low = sampled[Math.floor(beyond * sampled.length)] as number;
  const high = sampled[Math.ceil((1 - beyond) * sampled.length) - 1] as number;
  const scale = 255 / Math.max(high - low, 16);
  const table = Uint8Array.from({ length: levels }, (_, level) =>
    Math.min(255, Math.max(0, Math.round((level - low) * scale))),
  );
  const { data: from } = frame;
  const data = new Uint8Array(from.length);
  for (let at = 0; at < data.length; at += 1) data[at] = table[from[at] as number] as number;
  return data;
}

/** Rec. 601's luma of each pixel. */
function lumaOf(data: Uint8Array): Uint8Array {
  const luma = new Uint8Array(data.length / 3);
  for (let pixel = 0, at = 0; pixel < luma.length; pixel += 1, at += 3) {
    luma[pixel] =
      (77 * (data[at] as number) + 150 * (data[at + 1] as number) + 29 * (data[at + 2] as number)) >> 8;
  }
  return luma;
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
