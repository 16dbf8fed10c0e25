import { ensureModels } from '@openfrs/models/ensure';
import { photo } from '@openfrs/testing/photos';
import { sampled } from '@openfrs/testing/sample';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Frame } from '../geometry/frame.ts';
import { decodePicture } from '../image/decode.ts';
import { createFacePipeline, type FacePipeline } from '../pipelines/face-pipeline.ts';
import { type DegradationName, type DegradedFace, degradations, seededRandom } from './degradations.ts';

let pipeline: FacePipeline;
let frame: Frame;
let face: DegradedFace;
beforeAll(async () => {
  await ensureModels();
  pipeline = await createFacePipeline();
  frame = await decodePicture(photo(1));
  const [box] = await pipeline.detectFaces(frame);
  if (box === undefined) throw new Error('no face');
  face = { box, mesh: await pipeline.faceMesh(frame, box) };
});
afterAll(() => pipeline?.close());

/** Motion at one of its angles: all are drawn by the same code. */
const drawn = sampled(Object.keys(degradations) as DegradationName[], (name) => name.replace(/,.*/, ''));

it.each(drawn)(
  '%s: the face’s quality falls, it is still found, and the same seed draws the same',
  async (name) => {
    const degrade = () => degradations[name](frame, face, seededRandom('a'));
    const poor = await degrade();
    expect(poor.data.length).toBe(frame.data.length);
    expect(Buffer.compare(Buffer.from(poor.data), Buffer.from((await degrade()).data))).toBe(0);
    const before = await pipeline.quality(frame, face.mesh);
    const [box] = await pipeline.detectFaces(poor);
    expect(box).toBeDefined();
    expect((await pipeline.quality(poor, face.mesh)).total).toBeLessThan(before.total);
  },
);
