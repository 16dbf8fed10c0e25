import { photo } from '@openfrs/testing/photos';
import { decodePicture, resized } from '@openfrs/vision/image';
import { createFacePipeline, type FacePipeline } from '@openfrs/vision/pipeline';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { decide } from '../decision.ts';
import { printOf } from '../testing/printed-pai.ts';
import { createFaceTracker } from './face-tracker.ts';

let pipeline: FacePipeline;
beforeAll(async () => {
  pipeline = await createFacePipeline({ threads: 1 });
});
afterAll(() => pipeline.close());

it('a face that is followed is looked for twice a second', async () => {
  const picture = await decodePicture(photo(1));
  const frame = await resized(picture, 640, Math.round((640 * picture.height) / picture.width));
  const detectFaces = vi.fn(pipeline.detectFaces);
  const tracker = createFaceTracker({ ...pipeline, detectFaces }, { live: async () => 1 });
  let spare = 0;
  for (let i = 0; i < 25; i++) {
    const pushed = { ...frame, timeMs: 100 * i };
    const isSpare = (await tracker.push(pushed)) === 'spare';
    // What may be the answer's picture is kept.
    expect(isSpare).toBe(tracker.candidates.every((candidate) => candidate.frame !== pushed));
    if (isSpare) spare += 1;
  }
  expect(spare).toBeGreaterThan(10);
  const counted = tracker.observations.filter(({ faces }) => faces !== undefined);
  expect(counted.map(({ timeMs }) => timeMs)).toEqual([0, 500, 1000, 1500, 2000]);
  expect(detectFaces).toHaveBeenCalledTimes(6);
  expect(tracker.observations.every(({ face }) => face !== undefined)).toBe(true);
});

describe('several people', () => {
  /** One person's picture so many times side by side. */
  async function rowOf(people: number) {
    const print = await printOf(pipeline, await decodePicture(photo(4)));
    if (print === undefined) throw new Error('the photo has no face');
    const side = 240;
    const one = await resized(print.frame, side, side);
    const data = new Uint8Array(one.data.length * people);
    for (let y = 0; y < one.height; y++)
      for (let i = 0; i < people; i++)
        data.set(one.data.subarray(y * side * 3, (y + 1) * side * 3), (y * people + i) * side * 3);
    return { width: side * people, height: one.height, data };
  }

  it.each([
    [1, 1000, false],
    ...[1000, 1500, 2000].flatMap((ms) => [2, 3].map((people) => [people, ms, true] as const)),
  ] as const)('%i in a film of %i ms: refused %s', async (people, durationMs, refused) => {
    const frame = await rowOf(people);
    const tracker = createFaceTracker(pipeline, { live: async () => 1 });
    for (let timeMs = 0; timeMs < durationMs; timeMs += 100) await tracker.push({ ...frame, timeMs });
    const { warnings } = decide(tracker.observations, { actions: [1], nodThreshold: 10 }, { durationMs });
    expect(warnings.includes(4)).toBe(refused);
    const counts = tracker.observations.flatMap(({ faces }) => faces ?? []);
    expect(counts.length).toBeGreaterThanOrEqual(2);
    expect(new Set(counts)).toEqual(new Set([people]));
  });
});
