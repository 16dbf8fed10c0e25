import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Rect } from '../geometry/frame.ts';
import { regionsOfInterest } from './regions-of-interest.ts';

const level = { width: 1152, height: 810 };
const whole = { x: 0, y: 0, ...level };
const hint = (x: number, y: number, side = 20): Rect => ({ x, y, width: side, height: side });

function overlap(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function holds(region: Rect, x: number, y: number): boolean {
  return x >= region.x && x < region.x + region.width && y >= region.y && y < region.y + region.height;
}

describe('regionsOfInterest', () => {
  it('has none without hints', () => {
    expect(regionsOfInterest(level, [])).toEqual([]);
  });

  it('is whole cells with room around a hint', () => {
    expect(regionsOfInterest(level, [hint(300, 300)])).toEqual([{ x: 256, y: 256, width: 128, height: 128 }]);
  });

  it('joins what touches, and what the joint touches', () => {
    const apart = [hint(150, 150), hint(600, 150)];
    expect(regionsOfInterest(level, apart)).toHaveLength(2);
    const between = [0, 1, 2].map((step) => hint(240 + 120 * step, 150));
    expect(regionsOfInterest(level, [...apart, ...between])).toEqual([
      { x: 64, y: 64, width: 640, height: 192 },
    ]);
  });

  it('is the whole level where the regions are most of it', () => {
    expect(regionsOfInterest(level, [hint(50, 50), hint(1100, 760), hint(550, 400, 900)])).toEqual([whole]);
  });

  it('passes over a hint that lies beyond the level', () => {
    expect(regionsOfInterest(level, [hint(-200, 100), hint(100, 1000)])).toEqual([]);
  });

  it('covers every hint once, within the level', () => {
    const hints = fc.array(
      fc.record({
        x: fc.integer({ min: -20, max: level.width }),
        y: fc.integer({ min: -20, max: level.height }),
        width: fc.integer({ min: 1, max: 80 }),
        height: fc.integer({ min: 1, max: 80 }),
      }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(hints, (boxes) => {
        const regions = regionsOfInterest(level, boxes);
        for (const [index, region] of regions.entries()) {
          expect(regions.slice(index + 1).some((other) => overlap(region, other))).toBe(false);
          expect(region.x + region.width).toBeLessThanOrEqual(level.width);
          expect(region.y + region.height).toBeLessThanOrEqual(level.height);
        }
        for (const { x, y, width, height } of boxes) {
          const [left, top] = [Math.max(x - 32, 0), Math.max(y - 32, 0)];
          const right = Math.min(x + width + 32, level.width) - 1;
          const bottom = Math.min(y + height + 32, level.height) - 1;
          expect(regions.some((r) => holds(r, left, top) && holds(r, right, bottom))).toBe(true);
        }
      }),
    );
  });
});
