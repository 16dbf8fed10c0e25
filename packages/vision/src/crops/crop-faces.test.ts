import { describe, expect, it } from 'vitest';
import type { Affine } from '../geometry/affine.ts';
import type { Frame } from '../geometry/frame.ts';
import { cropFaces, cropSpecOf } from './crop-faces.ts';

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

/** Where the map takes the crop's corners and middle, in frame pixels. */
const seenBy = ({ a, b, tx, c, d, ty }: Affine, side: number) =>
  ([0, (side - 1) / 2, side - 1] as const).map((at) => [a * at + b * at + tx, c * at + d * at + ty]);

describe('a crop of a box', () => {
  const frame = ramp(200, 100);
  const spec = { kind: 'rect', scale: 2, side: 11 } as const;

  it('is grown about its middle, each side resized on its own', async () => {
    const { maps } = await cropFaces(frame, [{ x: 90, y: 40, width: 20, height: 10 }], spec);
    const [first, middle] = seenBy(maps[0] as Affine, 11);
    expect(middle?.[0]).toBeCloseTo(99.5);
    expect(middle?.[1]).toBeCloseTo(44.5);
    expect(first?.[0]).toBeCloseTo(80 + 40 / 22 - 0.5);
    expect(first?.[1]).toBeCloseTo(35 + 20 / 22 - 0.5);
  });

  it('is shifted into the frame where it stands out, and grown by less where that is too small', async () => {
    const boxes = [
      { x: 0, y: 0, width: 20, height: 10 },
      { x: 10, y: 10, width: 80, height: 80 },
    ];
    const { maps } = await cropFaces(frame, boxes, spec);
    const [shifted] = seenBy(maps[0] as Affine, 11);
    expect(shifted?.[0]).toBeCloseTo(40 / 22 - 0.5);
    expect(shifted?.[1]).toBeCloseTo(20 / 22 - 0.5);
    expect((maps[1] as Affine).d * 11).toBeCloseTo(99);
  });
});

it('has a crop a region, in their order, and the asked-for grey beyond the frame', async () => {
  const regions = [
    { centreX: 5, centreY: 5, size: 4, degrees: 0 },
    { centreX: -50, centreY: -50, size: 4, degrees: 0 },
  ];
  const { crops, maps } = await cropFaces(ramp(10, 10), regions, {
    kind: 'square',
    scale: 1,
    border: 127,
    side: 4,
  });
  expect([crops.count, maps.length]).toEqual([2, 2]);
  expect(crops.data.subarray(0, 48).every((value) => value === 127)).toBe(false);
  expect(crops.data.subarray(48).every((value) => value === 127)).toBe(true);
});

it("has a model's own side, or that of its input", () => {
  const input = { name: 'pixels', shape: ['batch', 64, 64, 3] } as const;
  expect(cropSpecOf({ crop: { kind: 'rect' }, input: { ...input, shape: [...input.shape] } }).side).toBe(64);
  const free = { name: 'pixels', shape: ['batch', 'height', 'width', 3] } as const;
  expect(
    cropSpecOf({ crop: { kind: 'square', side: 192 }, input: { ...free, shape: [...free.shape] } }).side,
  ).toBe(192);
});

describe('a crop at any scale', () => {
  it.each([
    [1, 0],
    [4, 0],
    [4, 30],
    [11, 90],
  ])('shrunk %f times and turned by %f° has the colours of its places', async (shrink, degrees) => {
    const frame = ramp(1000, 800);
    const region = { centreX: 500, centreY: 400, size: 40, degrees };
    const { crops, maps } = await cropFaces(frame, [region], { kind: 'square', scale: shrink, side: 40 });
    const map = maps[0] as Affine;
    for (const [u, v] of [
      [5, 5],
      [20, 20],
      [34, 8],
    ] as const) {
      const x = map.a * u + map.b * v + map.tx;
      const y = map.c * u + map.d * v + map.ty;
      const [red = 0, green = 0] = crops.data.subarray((v * 40 + u) * 3);
      expect(Math.abs(red - (255 * x) / 999)).toBeLessThan(1.5);
      expect(Math.abs(green - (255 * y) / 799)).toBeLessThan(1.5);
    }
  });

  it('averages what it shrinks: a fine chessboard becomes grey', async () => {
    const data = new Uint8Array(400 * 400 * 3);
    for (let i = 0; i < 160_000; i += 1) data.fill((i + Math.floor(i / 400)) % 2 ? 255 : 0, i * 3, i * 3 + 3);
    const region = { centreX: 200, centreY: 200, size: 380, degrees: 0 };
    const frame = { width: 400, height: 400, data };
    const { crops } = await cropFaces(frame, [region], { kind: 'square', scale: 1, side: 20 });
    for (const value of crops.data) expect(Math.abs(value - 127)).toBeLessThan(12);
  });
});

describe('a crop whose border is the picture reflected', () => {
  const frame = ramp(60, 40);
  const spec = { kind: 'square', scale: 1, border: 'reflect', side: 20 } as const;
  const region = (centreX: number, centreY: number) => ({ centreX, centreY, size: 20, degrees: 0 });
  const at = (crops: { data: Uint8Array }, x: number, y: number) => [
    ...crops.data.subarray((y * 20 + x) * 3, (y * 20 + x) * 3 + 3),
  ];

  it('goes on beyond the edge as it came to it, the edge itself once', async () => {
    const { crops } = await cropFaces(frame, [region(5, 5)], spec);
    // Crop pixel (5, 5) is the frame's first; two to its left are what lies two to its right.
    expect(at(crops, 5, 5)).toEqual([...frame.data.subarray(0, 3)]);
    for (const step of [1, 2, 5]) {
      expect(at(crops, 5 - step, 9)).toEqual(at(crops, 5 + step, 9));
      expect(at(crops, 9, 5 - step)).toEqual(at(crops, 9, 5 + step));
    }
  });

  it('reflects at the right and bottom edges as well', async () => {
    const { crops } = await cropFaces(frame, [region(55, 35)], spec);
    for (const step of [1, 2, 4]) {
      expect(at(crops, 14 - step, 3)).toEqual(at(crops, 14 + step, 3));
      expect(at(crops, 3, 14 - step)).toEqual(at(crops, 3, 14 + step));
    }
  });

  it('is the plain crop where it lies inside', async () => {
    const plain = await cropFaces(frame, [region(30, 20)], { ...spec, border: 0 });
    expect((await cropFaces(frame, [region(30, 20)], spec)).crops.data).toEqual(plain.crops.data);
  });

  it('fills a crop larger than the whole picture', async () => {
    const { crops } = await cropFaces(ramp(8, 8), [{ ...region(4, 4), size: 40 }], spec);
    expect(Math.min(...crops.data.filter((_, i) => i % 3 === 2))).toBeGreaterThan(70);
  });
});
