import { readFileSync } from 'node:fs';
import { ensureModels } from '@openfrs/models/ensure';
import { photo } from '@openfrs/testing/photos';
import { itWithData, sharedData } from '@openfrs/testing/shared-data';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FaceBox, Frame } from '../geometry/frame.ts';
import { decodePicture } from '../image/decode.ts';
import { sharp } from '../image/native-sharp.ts';
import { createFacePipeline, type FacePipeline } from './face-pipeline.ts';

let pipeline: FacePipeline;
let box: FaceBox;
beforeAll(async () => {
  await ensureModels();
  pipeline = await createFacePipeline();
  [box] = (await pipeline.detectFaces(await decodePicture(photo(1)))) as [FaceBox];
});
afterAll(() => pipeline?.close());

/** The largest face of photo 1 with some room around it, so many pixels high. */
function head(height: number): Promise<Buffer> {
  const area = {
    left: Math.round(box.x - 0.2 * box.width),
    top: Math.round(box.y - 0.2 * box.height),
    width: Math.round(1.4 * box.width),
    height: Math.round(1.4 * box.height),
  };
  return sharp(photo(1)).extract(area).resize({ height }).png().toBuffer();
}

it.each([
  [1920, 1080, 240],
  [1280, 960, 130],
])('a lit face is found in a black picture of %i × %i', async (width, height, side) => {
  const black = { create: { width, height, channels: 3, background: '#000000' } } as const;
  const file = await sharp(black)
    .composite([{ input: await head(side), left: Math.round(width / 3), top: Math.round(height / 3) }])
    .png()
    .toBuffer();
  expect(await pipeline.detectFaces(await decodePicture(file))).toHaveLength(1);
});

it('faces are found in fog that leaves a seventh of the contrast', async () => {
  const clear = await pipeline.detectFaces(await decodePicture(photo(1)));
  const fog = await sharp(photo(1)).linear(0.15, 180).png().toBuffer();
  const found = await pipeline.detectFaces(await decodePicture(fog));
  expect(found.length).toBeGreaterThanOrEqual(clear.length - 1);
});

it('no picture in good light is looked at again', async () => {
  const data = new Uint8Array(320 * 240 * 3).map((_, at) => 60 + (Math.floor(at / 3) % 320) * 0.45);
  const frame: Frame = { width: 320, height: 240, data };
  const runs = await runsFor(frame);
  const dull: Frame = { ...frame, data: data.map((level) => 160 + level / 10) };
  expect(await runsFor(dull)).toBeGreaterThan(runs);
});

async function runsFor(frame: Frame): Promise<number> {
  let runs = 0;
  const { run } = pipeline.sessions;
  const counted = pipeline.sessions as { run: typeof run };
  counted.run = (...given) => {
    runs += 1;
    return run(...given);
  };
  try {
    expect(await pipeline.detectFaces(frame)).toEqual([]);
  } finally {
    counted.run = run;
  }
  return runs;
}

itWithData.each(['dark_surround_black.jpg', 'dark_surround_spotlight.jpg'])('%s has a face', async (name) => {
  const frame = await decodePicture(readFileSync(`${sharedData('field')}/${name}`));
  expect(await pipeline.detectFaces(frame)).toHaveLength(1);
});
