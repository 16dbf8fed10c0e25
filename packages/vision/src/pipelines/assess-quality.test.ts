import type { FaceQuality } from '@openfrs/core';
import { ensureModels } from '@openfrs/models/ensure';
import { photo } from '@openfrs/testing/photos';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FaceBox } from '../geometry/frame.ts';
import { decodePicture } from '../image/decode.ts';
import { sharp } from '../image/native-sharp.ts';
import { createFacePipeline, type FacePipeline } from './face-pipeline.ts';

let pipeline: FacePipeline;
let box: FaceBox;
let original: FaceQuality;

beforeAll(async () => {
  await ensureModels();
  pipeline = await createFacePipeline();
  const frame = await decodePicture(photo(1));
  [box] = (await pipeline.detectFaces(frame)) as [FaceBox];
  original = await quality(photo(1));
});
afterAll(() => pipeline?.close());

/** Of the same face, wherever the detector would see it now. */
async function quality(file: Buffer): Promise<FaceQuality> {
  const frame = await decodePicture(file);
  return pipeline.quality(frame, await pipeline.faceMesh(frame, box));
}

const changed = (change: (picture: ReturnType<typeof sharp>) => ReturnType<typeof sharp>) =>
  change(sharp(photo(1)))
    .png()
    .toBuffer();

it('blur grows with the picture being blurred, and the total falls', async () => {
  const [little, much] = [
    await quality(await changed((picture) => picture.blur(4))),
    await quality(await changed((picture) => picture.blur(10))),
  ];
  expect(little.blur).toBeGreaterThan(original.blur);
  expect(much.blur).toBeGreaterThan(little.blur);
  expect(much.total).toBeLessThan(original.total);
});

it('illumination grows in the dark and in glaring light', async () => {
  const dark = await quality(await changed((picture) => picture.linear(0.12, 0)));
  const bright = await quality(await changed((picture) => picture.linear(1, 130)));
  expect(dark.illumination).toBeGreaterThan(original.illumination);
  expect(bright.illumination).toBeGreaterThan(original.illumination);
});

it('occlusion grows where something covers the face', async () => {
  const cover = {
    create: {
      width: Math.round(box.width),
      height: Math.round(box.height / 2),
      channels: 3,
      background: '#2040c0',
    },
  } as const;
  const place = { left: Math.round(box.x), top: Math.round(box.y + box.height / 2) };
  const covered = await quality(await changed((picture) => picture.composite([{ input: cover, ...place }])));
  expect(covered.occlusion).toBeGreaterThan(original.occlusion);
});
