import { type Polygon, spansOf } from '@openfrs/liveness/testing';
import type { Frame } from '@openfrs/vision/pipeline';
import type { SourceMap } from './thin-plate-spline.ts';

/** Landmarks of a mesh as a polygon. */
export const ringOf = (points: ArrayLike<number>, ring: readonly number[], stride = 3): Polygon =>
  ring.map((i) => [points[stride * i] ?? 0, points[stride * i + 1] ?? 0]);

/** 1 within a polygon, 0 outside, blurred over `soft` pixels. */
export function maskOf(polygon: Polygon, width: number, height: number, soft = 0): Float32Array {
  const mask = new Float32Array(width * height);
  for (const { y, from, to } of spansOf(polygon, width, height))
    mask.fill(1, y * width + from, y * width + to + 1);
  return soft > 0 ? boxBlurred(boxBlurred(mask, width, height, soft), width, height, soft) : mask;
}

function boxBlurred(mask: Float32Array, width: number, height: number, radius: number): Float32Array {
  const pass = (from: Float32Array, count: number, length: number, step: number, line: number) => {
    const to = new Float32Array(from.length);
    for (let k = 0; k < count; k++) {
      const at = (i: number) => from[k * line + Math.max(0, Math.min(length - 1, i)) * step] as number;
      let sum = 0;
      for (let i = -radius; i <= radius; i++) sum += at(i);
      for (let i = 0; i < length; i++) {
        to[k * line + i * step] = sum / (2 * radius + 1);
        sum += at(i + radius + 1) - at(i - radius);
      }
    }
    return to;
  };
  return pass(pass(mask, height, width, 1, width), width, height, width, 1);
}

/** A picture resampled by a map, bilinear; beyond its edge the nearest pixel. */
export function warped(
  picture: Frame,
  map: SourceMap,
  width = picture.width,
  height = picture.height,
): Frame {
  const data = new Uint8Array(width * height * 3);
  for (let at = 0; at < width * height; at++) {
    const x = Math.max(0, Math.min(picture.width - 1.001, map[2 * at] as number));
    const y = Math.max(0, Math.min(picture.height - 1.001, map[2 * at + 1] as number));
    const [left, top] = [Math.floor(x), Math.floor(y)];
    const [fx, fy] = [x - left, y - top];
    const corner = (top * picture.width + left) * 3;
    const row = picture.width * 3;
    for (let c = corner; c < corner + 3; c++) {
      const upper = (picture.data[c] as number) * (1 - fx) + (picture.data[c + 3] as number) * fx;
      const lower = (picture.data[c + row] as number) * (1 - fx) + (picture.data[c + row + 3] as number) * fx;
      data[3 * at + c - corner] = upper * (1 - fy) + lower * fy + 0.5;
    }
  }
  return { width, height, data };
}

/** `over` where the mask is 1, `under` where it is 0. */
export function blended(under: Frame, over: Frame, mask: (at: number) => number): Frame {
  const data = under.data.slice();
  for (let at = 0; at < data.length / 3; at++) {
    const share = mask(at);
    if (share === 0) continue;
    for (let c = 3 * at; c < 3 * at + 3; c++)
      data[c] = (under.data[c] as number) * (1 - share) + (over.data[c] as number) * share + 0.5;
  }
  return { ...under, data };
}

/** A picture whose every value is changed by a function of the value, the column, the row and the channel. */
export function retouched(
  picture: Frame,
  value: (old: number, x: number, y: number, channel: number) => number,
): Frame {
  const data = new Uint8ClampedArray(picture.data.length);
  for (let i = 0; i < data.length; i++) {
    const pixel = Math.floor(i / 3);
    data[i] = value(
      picture.data[i] as number,
      pixel % picture.width,
      Math.floor(pixel / picture.width),
      i % 3,
    );
  }
  return { ...picture, data: new Uint8Array(data.buffer) };
}
