import { photo } from '@openfrs/testing/photos';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { crowdLimits } from '../detection/crowd-limits.ts';
import type { Frame } from '../geometry/frame.ts';
import { decodePicture } from '../image/decode.ts';
import { resized } from '../image/resize.ts';
import { createFacePipeline, type FacePipeline } from './face-pipeline.ts';

let pipeline: FacePipeline;
beforeAll(async () => {
  pipeline = await createFacePipeline({ threads: 1 });
});
afterAll(() => pipeline.close());

/** One face of 40 px, and more, again and again. */
async function crowd(width: number, height: number): Promise<Frame> {
  const frame = await decodePicture(photo(1));
  const [box] = await pipeline.detectFaces(frame);
  if (box === undefined) throw new Error('no face');
  const [left, top] = [Math.round(box.x - box.width / 4), Math.round(box.y - box.height / 4)];
  const [columns, rows] = [Math.round(box.width * 1.5), Math.round(box.height * 1.5)];
  const face = new Uint8Array(columns * rows * 3);
  for (let y = 0; y < rows; y += 1) {
    const from = ((top + y) * frame.width + left) * 3;
    face.set(frame.data.subarray(from, from + columns * 3), y * columns * 3);
  }
  const tile = await resized(
    { width: columns, height: rows, data: face },
    Math.round((64 * columns) / rows),
    64,
  );
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += tile.width) {
      const from = (y % tile.height) * tile.width * 3;
      const wide = Math.min(tile.width, width - x);
      data.set(tile.data.subarray(from, from + wide * 3), (y * width + x) * 3);
    }
  }
  return { width, height, data };
}

it('a crowd of hundreds has the largest faces only, and costs no more models’ runs than those', async () => {
  const counted = async (frame: Frame) => {
    const run = vi.spyOn(pipeline.sessions, 'run');
    const faces = await pipeline.detectFaces(frame);
    const crops = run.mock.calls.filter(([, { count, width }]) => count > 1 || width <= 192);
    run.mockRestore();
    return { faces, looks: crops.reduce((sum, [, { count }]) => sum + count, 0) };
  };
  const some = await counted(await crowd(640, 480));
  expect(some.faces.length).toBeGreaterThan(40);
  const { faces, looks } = await counted(await crowd(2048, 1080));
  expect(faces).toHaveLength(crowdLimits.faces);
  const areas = faces.map(({ width, height }) => width * height);
  expect(areas).toEqual(areas.toSorted((a, b) => b - a));
  // A glance, four views by each of two detectors; in doubt two by a third and one for objects.
  expect(looks).toBeLessThanOrEqual(12 * crowdLimits.proposals);
});
