import { expect, test } from 'vitest';
import { hintOf } from './framing.ts';
import { type Ellipse, greyOf, lightOf, ovalIn } from './light.ts';

const [width, height] = [240, 180];
const oval = ovalIn(width, height);

/** A picture whose face has fine detail, each pixel as bright as `shade` says. */
function picture(shade: (inside: boolean, x: number, y: number) => number, detail = 12): Float32Array {
  const grey = new Float32Array(width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const inside = isInside(oval, x, y);
      const fine = inside && (x + y) % 2 === 0 ? detail : 0;
      grey[y * width + x] = shade(inside, x, y) + fine + 30 * Math.sin(x / 9);
    }
  return grey;
}

const isInside = ({ x, y, radiusX, radiusY }: Ellipse, column: number, row: number) =>
  ((column - x) / radiusX) ** 2 + ((row - y) / radiusY) ** 2 <= 1;

const video = { width: 640, height: 480 };
const faceIn = (share: number, dx = 0, dy = 0) => {
  const { x, y, radiusY } = ovalIn(video.width, video.height);
  const side = share * 2 * radiusY;
  return {
    top_left_x: x - side / 2 + dx * video.width,
    top_left_y: y - side / 2 + dy * video.height,
    width: side,
    height: side,
  };
};
const seen = (grey: Float32Array, faces: Parameters<typeof hintOf>[1] = [faceIn(0.7)]) =>
  hintOf(lightOf(grey, width, height, oval), faces, video);

test.each([
  ['good', picture((inside) => (inside ? 130 : 100))],
  // Dark skin in good light: its highlights are bright.
  ['good', picture((inside, x) => (inside ? (x % 12 === 0 ? 150 : 60) : 100))],
  ['dark', picture((inside) => (inside ? 30 : 30))],
  ['backlit', picture((inside) => (inside ? 45 : 220))],
  ['uneven', picture((inside, x) => (inside && x < oval.x ? 50 : 170))],
  ['blurred', picture(() => 130, 0)],
] as const)('tells light that is %s', (hint, grey) => {
  expect(seen(grey)).toBe(hint);
});

test.each([
  ['no face', []],
  ['several faces', [faceIn(0.6, -0.2), faceIn(0.5, 0.2)]],
  ['good', [faceIn(0.7), faceIn(0.2, 0.3)]],
  ['closer', [faceIn(0.3)]],
  ['farther', [faceIn(1.2)]],
  ['middle', [faceIn(0.6, 0.25)]],
  ['good', undefined],
] as const)('tells how a face is placed: %s', (hint, faces) => {
  expect(
    seen(
      picture((inside) => (inside ? 130 : 100)),
      faces,
    ),
  ).toBe(hint);
});

test('the oval lies within a picture of any shape', () => {
  for (const [wide, high] of [
    [640, 480],
    [480, 640],
    [1280, 720],
    [300, 900],
  ] as const) {
    const { x, y, radiusX, radiusY } = ovalIn(wide, high);
    expect(Math.min(x - radiusX, y - radiusY, wide - x - radiusX, high - y - radiusY)).toBeGreaterThan(0);
  }
});

test('reads the grey of a canvas by BT.601', () => {
  expect([...greyOf(new Uint8ClampedArray([255, 0, 0, 255, 0, 255, 0, 255]))].map(Math.round)).toEqual([
    76, 150,
  ]);
});
