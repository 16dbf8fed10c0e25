import type { Frame } from '../frame.ts';
import type { Pixels } from '../sessions/sessions.ts';
import type { Affine } from './affine.ts';

/** Room for `count` crops; `background` is the grey, 0..255, of what lies beyond the frame. */
export function newCrops(count: number, width: number, height: number, background = 0): Pixels {
  const data = new Uint8Array(count * width * height * 3);
  return { count, width, height, data: background === 0 ? data : data.fill(background) };
}

/**
 * Samples the frame bilinearly along `map` (crop pixel → frame pixel) into crop number `index`. Pixels outside
 * the frame stay as they are. One pass, no intermediate picture: the crops are small (112² or 192²), and neither sharp
 * (a call a crop, whole rows of pixels each) nor WebAssembly (the frame would have to be copied in) is quicker. For a
 * map that shrinks, see `align/sample.ts`.
 */
export function warpInto(frame: Frame, map: Affine, crops: Pixels, index: number): void {
  const { width, height } = crops;
  for (let v = 0; v < height; v += 1) {
    const x = map.b * v + map.tx;
    const y = map.d * v + map.ty;
    const out = (index * height + v) * width;
    // Where all four neighbours lie inside the frame, nothing need be asked pixel by pixel.
    const across = between(x, map.a, 0, frame.width - 1, width);
    const down = between(y, map.c, 0, frame.height - 1, width);
    const from = Math.min(Math.max(across.from, down.from), width);
    const to = Math.max(from, Math.min(across.to, down.to));
    warpEdge(frame, map, x, y, 0, from, crops.data, out);
    warpInside(frame, map, x, y, from, to, crops.data, out);
    warpEdge(frame, map, x, y, to, width, crops.data, out);
  }
}

/** Room for what 16 fractional bits round away along a row, in pixels. */
const slack = 0.01;

/** The steps u in [0, count) for which low ≤ start + u · step < high, slack included. */
function between(start: number, step: number, low: number, high: number, count: number) {
  const least = low + slack;
  const most = high - slack;
  if (Math.abs(step) < 1e-9) return { from: 0, to: start >= least && start < most ? count : 0 };
  const [first, last] = [(least - start) / step, (most - start) / step];
  return {
    from: Math.max(0, Math.ceil(Math.min(first, last))),
    to: Math.min(count, Math.floor(Math.max(first, last))),
  };
}

/** Part of a row whose neighbours all lie inside the frame; positions have 16 fractional bits, weights 8. */
function warpInside(
  frame: Frame,
  map: Affine,
  startX: number,
  startY: number,
  from: number,
  to: number,
  target: Uint8Array,
  row: number,
): void {
  const { data } = frame;
  const rowStep = frame.width * 3;
  const stepX = Math.round(map.a * 65536);
  const stepY = Math.round(map.c * 65536);
  let x = Math.round((startX + from * map.a) * 65536);
  let y = Math.round((startY + from * map.c) * 65536);
  const end = (row + to) * 3;
  for (let out = (row + from) * 3; out < end; out += 3, x += stepX, y += stepY) {
    const fx = (x >> 8) & 255;
    const fy = (y >> 8) & 255;
    const w11 = fx * fy;
    const w10 = (fx << 8) - w11;
    const w01 = (fy << 8) - w11;
    const w00 = 65536 - (fx << 8) - w01;
    const at = (y >> 16) * rowStep + (x >> 16) * 3;
    const below = at + rowStep;
    target[out] =
      ((data[at] as number) * w00 +
        (data[at + 3] as number) * w10 +
        (data[below] as number) * w01 +
        (data[below + 3] as number) * w11 +
        32768) >>
      16;
    target[out + 1] =
      ((data[at + 1] as number) * w00 +
        (data[at + 4] as number) * w10 +
        (data[below + 1] as number) * w01 +
        (data[below + 4] as number) * w11 +
        32768) >>
      16;
    target[out + 2] =
      ((data[at + 2] as number) * w00 +
        (data[at + 5] as number) * w10 +
        (data[below + 2] as number) * w01 +
        (data[below + 5] as number) * w11 +
        32768) >>
      16;
  }
}

/** Part of a row at or beyond the frame's edge: neighbours outside weigh nothing. */
function warpEdge(
  frame: Frame,
  map: Affine,
  startX: number,
  startY: number,
  from: number,
  to: number,
  target: Uint8Array,
  row: number,
): void {
  const { data, width: columns, height: rows } = frame;
  const rowStep = columns * 3;
  for (let u = from; u < to; u += 1) {
    const x = startX + u * map.a;
    const y = startY + u * map.c;
    if (x <= -1 || y <= -1 || x >= columns || y >= rows) continue;
    const left = Math.floor(x);
    const top = Math.floor(y);
    const fx = ((x - left) * 256) | 0;
    const fy = ((y - top) * 256) | 0;
    const wl = left >= 0 ? 256 - fx : 0;
    const wr = left + 1 < columns ? fx : 0;
    const wt = top >= 0 ? 256 - fy : 0;
    const wb = top + 1 < rows ? fy : 0;
    const at = top * rowStep + left * 3;
    for (let channel = 0; channel < 3; channel += 1) {
      // A neighbour without weight may lie before or behind the data: any number will do for it.
      target[(row + u) * 3 + channel] =
        ((data[at + channel] ?? 0) * wl * wt +
          (data[at + 3 + channel] ?? 0) * wr * wt +
          (data[at + rowStep + channel] ?? 0) * wl * wb +
          (data[at + rowStep + 3 + channel] ?? 0) * wr * wb +
          32768) >>
        16;
    }
  }
}

/** Mirrors crop `from` left to right into crop `to` of another (or the same) stack. */
export function mirrorInto(crops: Pixels, from: number, target: Pixels, to: number): void {
  const { width, height } = crops;
  const size = width * height * 3;
  for (let v = 0; v < height; v += 1) {
    let source = from * size + (v + 1) * width * 3 - 3;
    let out = to * size + v * width * 3;
    for (let u = 0; u < width; u += 1, source -= 3, out += 3) {
      target.data[out] = crops.data[source] as number;
      target.data[out + 1] = crops.data[source + 1] as number;
      target.data[out + 2] = crops.data[source + 2] as number;
    }
  }
}
