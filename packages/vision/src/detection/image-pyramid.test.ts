import { describe, expect, it } from 'vitest';
import type { Frame } from '../geometry/frame.ts';
import type { Detector } from './detector.ts';
import { detectOverPyramid } from './image-pyramid.ts';
import type { Candidate } from './nms.ts';

const grey = (width: number, height: number): Frame => ({
  width,
  height,
  data: new Uint8Array(width * height * 3).fill(90),
});
const levels = [800, 400, 200];
/** The border that the coarsest level has on each side. */
const border = 32;

/** A detector that finds these boxes in pictures of so many columns, and tells what it was shown. */
function detectorOf(findings: Readonly<Record<number, readonly Candidate[]>>, hintScore?: number) {
  const seen: string[] = [];
  const detector: Detector = {
    multiple: 1,
    hintScore,
    find: async ({ width, height }, threshold) => {
      seen.push(`${width} × ${height}`);
      return (findings[width] ?? []).filter(({ score }) => score >= threshold);
    },
  };
  return { detector, seen };
}

const box = (x: number, y: number, side: number, score: number): Candidate => ({
  ...{ x, y, width: side, height: side, score },
});

describe('the pyramid', () => {
  it('is searched from its coarsest level on, the finest not at all without a hint', async () => {
    const { detector, seen } = detectorOf({ 400: [box(50, 50, 30, 0.09)] }, 0.1);
    expect(await detectOverPyramid(detector, grey(1600, 1200), levels, 0.2)).toEqual([]);
    expect(seen).toEqual([`${200 + 2 * border} × ${150 + 2 * border}`, '400 × 300']);
  });

  it('is searched finely about a hint, which alone is no proposal', async () => {
    const finding = box(70, 60, 24, 1);
    const { detector, seen } = detectorOf({ 400: [box(100, 100, 12, 0.1)], 192: [finding] }, 0.1);
    const found = await detectOverPyramid(detector, grey(1600, 1200), levels, 0.2);
    expect(seen.slice(2)).toEqual(['192 × 192']);
    // The region's corner, of the level at half the frame's size.
    const [x, y] = [2 * (128 + 70), 2 * (128 + 60)];
    expect(found).toEqual([expect.objectContaining({ x, y, width: 48, height: 48, score: 1 })]);
  });

  it('leaves a box that a region cuts to the level below, unless the picture ends there', async () => {
    const cut = [box(1, 60, 24, 0.9), box(60, 165, 26, 0.9)];
    const inside = { 400: [box(100, 100, 12, 0.1)], 192: cut };
    const { detector } = detectorOf(inside, 0.1);
    expect(await detectOverPyramid(detector, grey(1600, 1200), levels, 0.2)).toEqual([]);
    const corner = { 400: [box(10, 10, 12, 0.1)], 128: [box(0, 0, 24, 0.9)] };
    const found = await detectOverPyramid(detectorOf(corner, 0.1).detector, grey(1600, 1200), levels, 0.2);
    expect(found).toHaveLength(1);
  });

  it.each([
    ['a small face, however sure', box(100, 100, 20, 0.99), true],
    ['a larger face that is unsure', box(100, 100, 60, 0.5), true],
    ['a larger face that is sure', box(100, 100, 60, 0.99), false],
    ['what is too large for the finest level', box(100, 100, 120, 0.5), false],
  ])('is searched finely for %s: %o', async (_, finding, isFiner) => {
    const { detector, seen } = detectorOf({ 400: [finding] }, 0.1);
    const found = await detectOverPyramid(detector, grey(1600, 1200), levels, 0.2);
    expect(found).toHaveLength(1);
    expect(seen.length > 2).toBe(isFiner);
  });

  it('is searched whole by a detector of which it is not known what it hints at', async () => {
    const { detector, seen } = detectorOf({});
    await detectOverPyramid(detector, grey(1600, 1200), levels, 0.2);
    expect(seen.at(-1)).toBe('800 × 600');
  });

  it('is searched whole where the picture is small', async () => {
    const { detector, seen } = detectorOf({}, 0.1);
    await detectOverPyramid(detector, grey(250, 250), [320, 160], 0.2);
    expect(seen.at(-1)).toBe('320 × 320');
  });
});
