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
 * the frame stay as they are. One pass, no intermediate picture: the crops are small (112² or 192²). For a map that
 * shrinks, see `align/sample.ts`.
 */
export function warpInto(frame: Frame, map: Affine, crops: Pixels, index: number): void {
  const { width, height, data: target } = crops;
  const { data, width: columns, height: rows } = frame;
  const rowStep = columns * 3;
  let out = index * width * height * 3;
  for (let v = 0; v < height; v += 1) {
    let x = map.b * v + map.tx;
    let y = map.d * v + map.ty;
    for (let u = 0; u < width; u += 1, out += 3, x += map.a, y += map.c) {
      if (x <= -1 || y <= -1 || x >= columns || y >= rows) continue;
      const left = Math.floor(x);
      const top = Math.floor(y);
      // 8-bit fixed point, as precise as the pixels are. Neighbours outside weigh nothing: black.
      const fx = ((x - left) * 256) | 0;
      const fy = ((y - top) * 256) | 0;
      const wl = left >= 0 ? 256 - fx : 0;
      const wr = left + 1 < columns ? fx : 0;
      const wt = top >= 0 ? 256 - fy : 0;
      const wb = top + 1 < rows ? fy : 0;
      const w00 = wl * wt;
      const w10 = wr * wt;
      const w01 = wl * wb;
      const w11 = wr * wb;
      // A neighbour without weight may lie before or behind the data: read any pixel instead.
      const at = top * rowStep + left * 3;
      const p00 = w00 > 0 ? at : 0;
      const p10 = w10 > 0 ? at + 3 : 0;
      const p01 = w01 > 0 ? at + rowStep : 0;
      const p11 = w11 > 0 ? at + rowStep + 3 : 0;
      target[out] =
        ((data[p00] as number) * w00 +
          (data[p10] as number) * w10 +
          (data[p01] as number) * w01 +
          (data[p11] as number) * w11 +
          32768) >>
        16;
      target[out + 1] =
        ((data[p00 + 1] as number) * w00 +
          (data[p10 + 1] as number) * w10 +
          (data[p01 + 1] as number) * w01 +
          (data[p11 + 1] as number) * w11 +
          32768) >>
        16;
      target[out + 2] =
        ((data[p00 + 2] as number) * w00 +
          (data[p10 + 2] as number) * w10 +
          (data[p01 + 2] as number) * w01 +
          (data[p11 + 2] as number) * w11 +
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
