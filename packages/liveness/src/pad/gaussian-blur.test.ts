import { describe, expect, it } from 'vitest';
import { viewSide } from '../tracking/face-view.ts';
import { gaussianBlur, locallyNormalised } from './gaussian-blur.ts';

const picture = (value: (x: number, y: number) => number) =>
  Float32Array.from({ length: viewSide * viewSide }, (_, at) =>
    value(at % viewSide, Math.floor(at / viewSide)),
  );
const texture = picture((x, y) => 120 + 50 * Math.sin(0.3 * x + 0.1 * y) + 40 * Math.cos(0.05 * x * y));

/** What is beyond an edge is what is at it. */
const clamped = (grey: Float32Array, x: number, y: number) => {
  const inside = (value: number) => Math.max(0, Math.min(viewSide - 1, value));
  return grey[inside(y) * viewSide + inside(x)] as number;
};

/** Summed at every pixel, as the definition has it. */
function plainly(grey: Float32Array, sigma: number, x: number, y: number): number {
  const reach = Math.ceil(5 * sigma);
  let [sum, weights] = [0, 0];
  for (let v = -reach; v <= reach; v++) {
    for (let u = -reach; u <= reach; u++) {
      const weight = Math.exp(-(u * u + v * v) / (2 * sigma * sigma));
      sum += weight * clamped(grey, x + u, y + v);
      weights += weight;
    }
  }
  return sum / weights;
}

describe('a blur', () => {
  const inside = [
    [48, 48],
    [36, 57],
    [51, 39],
  ] as const;
  const edges = [
    [0, 0],
    [95, 40],
    [50, 95],
    [1, 94],
  ] as const;
  // Three boxes are no Gaussian, least so where each repeats the edges of the one before.
  it.each([
    [1, 0.3, 0.3],
    [2, 4, 6],
    [6, 1, 12],
    [7, 1, 12],
  ])('of %i pixels is a Gaussian’s within %d grey levels, at edges within %d', (sigma, within, atEdges) => {
    const blurred = gaussianBlur(texture, sigma);
    const off = ([x, y]: readonly [number, number]) =>
      Math.abs((blurred[y * viewSide + x] as number) - plainly(texture, sigma, x, y));
    expect(Math.max(...inside.map(off))).toBeLessThan(within);
    expect(Math.max(...edges.map(off))).toBeLessThan(atEdges);
  });

  it.each([1, 2, 5, 7])('of %i pixels spreads a point alike to all sides, and loses nothing', (sigma) => {
    const [column, row] = [40, 51];
    const blurred = gaussianBlur(
      picture((x, y) => (x === column && y === row ? 1000 : 0)),
      sigma,
    );
    const sum = (weight: (x: number, y: number) => number) =>
      blurred.reduce(
        (all, value, at) => all + value * weight((at % viewSide) - column, Math.floor(at / viewSide) - row),
        0,
      ) / 1000;
    expect(sum(() => 1)).toBeCloseTo(1, 4);
    expect(sum((x) => x)).toBeCloseTo(0, 3);
    expect(sum((_, y) => y)).toBeCloseTo(0, 3);
    for (const spread of [sum((x) => x * x), sum((_, y) => y * y)])
      expect(Math.abs(Math.sqrt(spread) / sigma - 1)).toBeLessThan(0.09);
  });

  it('leaves its picture as it is', () => {
    const grey = texture.slice();
    gaussianBlur(grey, 5);
    expect(grey).toEqual(texture);
  });
});

it('local detail is the same in any light', () => {
  const darker = texture.map((value) => 0.5 * value + 7);
  const [a, b] = [locallyNormalised(texture, 6, 0.1), locallyNormalised(darker, 6, 0.1)];
  for (let at = 0; at < a.length; at += 97) expect(b[at]).toBeCloseTo(a[at] as number, 1);
});
