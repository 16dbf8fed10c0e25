import { photo } from '@openfrs/testing/photos';
import { decodePicture, resized } from '@openfrs/vision/image';
import { createFacePipeline, type FacePipeline } from '@openfrs/vision/pipeline';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createFaceTracker } from './face-tracker.ts';

let pipeline: FacePipeline;
beforeAll(async () => {
  pipeline = await createFacePipeline({ threads: 1 });
});
afterAll(() => pipeline.close());

it('a face that is followed is looked for once a second, and not twice in the first frame', async () => {
  const picture = await decodePicture(photo(1));
  const frame = await resized(picture, 640, Math.round((640 * picture.height) / picture.width));
  const detectFaces = vi.fn(pipeline.detectFaces);
  const tracker = createFaceTracker({ ...pipeline, detectFaces }, { live: async () => 1 });
  for (let i = 0; i < 25; i++) await tracker.push({ ...frame, timeMs: 100 * i });
  const counted = tracker.observations.filter(({ faces }) => faces !== undefined);
  expect(counted.map(({ timeMs }) => timeMs)).toEqual([0, 1000, 2000]);
  expect(detectFaces).toHaveBeenCalledTimes(3);
  expect(tracker.observations.every(({ face }) => face !== undefined)).toBe(true);
});
