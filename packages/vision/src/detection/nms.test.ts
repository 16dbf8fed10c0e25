import { describe, expect, it } from 'vitest';
import { pyramidLevels } from './image-pyramid.ts';
import { intersectionOverMin, iou, weightedNms } from './nms.ts';

const box = (x: number, y: number, width: number, height: number, score = 0.9) => ({
  x,
  y,
  width,
  height,
  score,
});

describe('boxes', () => {
  it('overlap by their shared part over the whole', () => {
    expect(iou(box(0, 0, 10, 10), box(5, 0, 10, 10))).toBeCloseTo(1 / 3);
    expect(iou(box(0, 0, 10, 10), box(20, 0, 10, 10))).toBe(0);
    expect(intersectionOverMin(box(0, 0, 10, 10), box(2, 2, 4, 4))).toBe(1);
  });

  it('of one face become one, between those that agree, with all their scoreSum', () => {
    const [merged, ...others] = weightedNms([
      box(10, 10, 40, 50, 0.9),
      box(12, 10, 40, 50, 0.9),
      box(11, 12, 38, 46, 0.5),
    ]);
    expect(others).toEqual([]);
    expect(merged?.width).toBeCloseTo(39.7, 1);
    expect(merged?.score).toBe(0.9);
    expect(merged?.x).toBeCloseTo(11, 1);
    expect(merged?.scoreSum).toBeCloseTo(2.3);
  });

  it('of neighbours stay apart', () => {
    expect(weightedNms([box(0, 0, 40, 50), box(35, 0, 40, 50)])).toHaveLength(2);
  });
});

describe('the pyramid', () => {
  it('shows the smallest wanted face with 16 to 25 pixels and a face that fills the picture at a usual size', () => {
    expect(pyramidLevels(1024, 40)).toEqual([640, 320, 160]);
    expect(pyramidLevels(250, 40)).toEqual([320, 160]);
    expect(pyramidLevels(2048, 40)).toEqual([960, 480, 240]);
    expect(pyramidLevels(2880, 40)).toEqual([1152, 576, 288]);
    expect(pyramidLevels(4096, 40)).toEqual([1638, 819, 410, 205]);
    expect(pyramidLevels(1024, 10)).toEqual([1024, 512, 256]);
  });

  it('has one level near 320 for a quick look', () => {
    for (const side of [320, 640, 1280, 1920]) {
      const [only, ...others] = pyramidLevels(side, 40, true);
      expect(others).toEqual([]);
      expect(only).toBeGreaterThanOrEqual(240);
      expect(only).toBeLessThanOrEqual(480);
    }
  });
});
