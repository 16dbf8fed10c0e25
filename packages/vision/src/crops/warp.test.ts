import { describe, expect, it } from 'vitest';
import { squareMap } from '../geometry/affine.ts';
import type { Frame } from '../geometry/frame.ts';
import { newCrops, warpInto, withMirrorImages } from './warp.ts';

/** Red grows to the right, green downwards, blue stays. */
function ramp(width: number, height: number): Frame {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      data.set(
        [Math.round((255 * x) / (width - 1)), Math.round((255 * y) / (height - 1)), 77],
        (y * width + x) * 3,
      );
    }
  }
  return { width, height, data };
}

function noise(width: number, height: number): Frame {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, at) => (at * 7919 + (at % 91) ** 3) % 256);
  return { width, height, data };
}

const identity = { a: 1, b: 0, tx: 0, c: 0, d: 1, ty: 0 };

/** The plain formula in double precision; black beyond the frame. `undefined` where no neighbour lies inside. */
function bilinear({ width, height, data }: Frame, x: number, y: number, channel: number): number | undefined {
  if (x <= -1 || y <= -1 || x >= width || y >= height) return undefined;
  const at = (column: number, row: number) =>
    column < 0 || row < 0 || column >= width || row >= height
      ? 0
      : (data[(row * width + column) * 3 + channel] as number);
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [fx, fy] = [x - left, y - top];
  return (
    (at(left, top) * (1 - fx) + at(left + 1, top) * fx) * (1 - fy) +
    (at(left, top + 1) * (1 - fx) + at(left + 1, top + 1) * fx) * fy
  );
}

describe('a warped crop', () => {
  it.each([
    ['in the middle', squareMap(70, 60, 50, 17, 48)],
    ['over the left edge', squareMap(4, 60, 40, -35, 33)],
    ['over the bottom right corner', squareMap(118, 98, 60, 160, 40)],
    ['around the whole frame', squareMap(60, 50, 180, 45, 112)],
    ['of a part of a pixel', squareMap(60.3, 50.7, 3, 10, 24)],
    ['along the very edge', { a: 1, b: 0, tx: -3.25, c: 0, d: 1, ty: -0.5 }],
  ])('%s has the values of the plain formula', (_, map) => {
    const frame = noise(120, 100);
    const side = 48;
    const crops = newCrops(1, side, side, 99);
    warpInto(frame, map, crops, 0);
    for (let v = 0; v < side; v += 1) {
      for (let u = 0; u < side; u += 1) {
        const [x, y] = [map.a * u + map.b * v + map.tx, map.c * u + map.d * v + map.ty];
        for (let channel = 0; channel < 3; channel += 1) {
          const expected = bilinear(frame, x, y, channel) ?? 99;
          // Weights have 8 bits: neighbours that are 255 apart can be off by two of 255.
          const off = Math.abs((crops.data[(v * side + u) * 3 + channel] as number) - expected);
          expect(off).toBeLessThan(2.5);
        }
      }
    }
  });

  it('outside the frame, by any map, is left as it was', () => {
    for (const map of [
      squareMap(1e7, 5, 100, 3, 16),
      squareMap(-500, -500, 100, 40, 16),
      { a: 0, b: 0, tx: -40, c: 0, d: 0, ty: 3 },
      { a: Number.NaN, b: 0, tx: 0, c: 0, d: Number.NaN, ty: 0 },
    ]) {
      const crops = newCrops(1, 16, 16, 99);
      warpInto(noise(20, 20), map, crops, 0);
      expect(crops.data.every((value) => value === 99)).toBe(true);
    }
  });

  it('along the identity is the picture itself', () => {
    const frame = ramp(32, 32);
    const crops = newCrops(1, 32, 32);
    warpInto(frame, identity, crops, 0);
    expect(crops.data).toEqual(frame.data);
  });

  it('between pixels is their mean', () => {
    const frame: Frame = { width: 2, height: 1, data: Uint8Array.of(0, 100, 200, 100, 200, 0) };
    const crops = newCrops(1, 1, 1);
    warpInto(frame, { ...identity, tx: 0.5 }, crops, 0);
    expect([...crops.data]).toEqual([50, 150, 100]);
  });

  it('is black outside the picture', () => {
    const crops = newCrops(1, 3, 3);
    warpInto(ramp(4, 4), { ...identity, tx: -10, ty: 2 }, crops, 0);
    expect([...crops.data]).toEqual(new Array(27).fill(0));
  });

  it('fills only its own place in the stack', () => {
    const crops = newCrops(3, 4, 4);
    warpInto(ramp(4, 4), identity, crops, 1);
    expect([...crops.data.subarray(0, 48)]).toEqual(new Array(48).fill(0));
    expect(crops.data.subarray(48, 96)).toEqual(ramp(4, 4).data);
    expect([...crops.data.subarray(96)]).toEqual(new Array(48).fill(0));
  });

  it('mirrored twice is itself', () => {
    const crops = newCrops(2, 5, 4);
    crops.data.set(ramp(5, 4).data);
    crops.data.set(noise(5, 4).data, 60);
    const twice = withMirrorImages(withMirrorImages(crops)).data;
    expect([...twice.subarray(60, 63)]).toEqual([255, 0, 77]);
    for (const first of [0, 1]) {
      const own = crops.data.subarray(first * 60, (first + 1) * 60);
      expect(twice.subarray(first * 240, first * 240 + 60)).toEqual(own);
      expect(twice.subarray(first * 240 + 180, first * 240 + 240)).toEqual(own);
    }
  });
});
