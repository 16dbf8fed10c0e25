import type { FaceQuality } from '@openfrs/core';
import type { FaceBox } from '@openfrs/vision/pipeline';
import { describe, expect, it } from 'vitest';
import { photoWarnings } from './judge-photo.ts';

const good: FaceQuality = { total: 0.8, blur: 0.1, pose: 0.05, occlusion: 0, illumination: 0.1 };
const box: FaceBox = { x: 0, y: 0, width: 100, height: 120, score: 1, angle: 0 };
const warnings = (change: Partial<FaceQuality>, brightness = 120, boxes = [box]) =>
  photoWarnings({ ...good, ...change }, brightness, boxes);

describe('a photo’s warnings', () => {
  it.each([
    [101, warnings({ total: 0.05 })],
    [102, warnings({ blur: 0.9 })],
    [103, warnings({ pose: 0.6 })],
    [104, warnings({ occlusion: 0.6 })],
    [105, warnings({}, 20)],
    [106, warnings({}, 120, [box, { ...box, x: 300, width: 80, height: 90 }])],
  ])('%i', (code, found) => {
    expect(found).toEqual([code]);
  });

  it('none for a good one, nor for people far behind', () => {
    expect(warnings({})).toEqual([]);
    expect(warnings({}, 120, [box, { ...box, x: 300, width: 20, height: 25 }])).toEqual([]);
  });
});
