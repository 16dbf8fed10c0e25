import { photo } from '@openfrs/testing/photos';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Frame } from '../geometry/frame.ts';
import { decodePicture } from '../image/decode.ts';
import { resized } from '../image/resize.ts';
import { createFacePipeline, type FacePipeline } from './face-pipeline.ts';

const least = 40;
let pipeline: FacePipeline;
let picture: Frame;
let side: number;
beforeAll(async () => {
  pipeline = await createFacePipeline({ threads: 1 });
  picture = await decodePicture(photo(1));
  const [box] = await pipeline.detectFaces(picture);
  side = Math.max(box?.width ?? 0, box?.height ?? 0);
});
afterAll(() => pipeline.close());

/** The picture in which the face's box has so many pixels on its longer side, with grey around it. */
async function withFaceOf(pixels: number): Promise<Frame> {
  const scale = pixels / side;
  const small = await resized(picture, Math.round(picture.width * scale), Math.round(picture.height * scale));
  const [width, height] = [Math.max(small.width, 160), Math.max(small.height, 160)];
  const data = new Uint8Array(width * height * 3).fill(128);
  for (let y = 0; y < small.height; y++) {
    data.set(small.data.subarray(y * small.width * 3, (y + 1) * small.width * 3), y * width * 3);
  }
  return { width, height, data };
}

it('no box is returned whose longer side is below the limit; faces a little above it are found', async () => {
  for (const pixels of [30, 34, 35, 36, 37, 38, 39, 41, 48, 60]) {
    const faces = await pipeline.detectFaces(await withFaceOf(pixels));
    for (const { width, height } of faces) expect(Math.max(width, height)).toBeGreaterThanOrEqual(least);
    if (pixels >= 48) expect(faces.length).toBeGreaterThan(0);
  }
});
