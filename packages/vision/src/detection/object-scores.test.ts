import { readFileSync } from 'node:fs';
import { ensureModels } from '@openfrs/models/ensure';
import { photo } from '@openfrs/testing/photos';
import { itWithData, sharedData } from '@openfrs/testing/shared-data';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { decodePicture } from '../image/decode.ts';
import { createFacePipeline, type FacePipeline } from '../pipelines/face-pipeline.ts';
import { createObjectReader, type ObjectReader } from './object-scores.ts';

let pipeline: FacePipeline;
let objects: ObjectReader;
beforeAll(async () => {
  await ensureModels();
  pipeline = await createFacePipeline();
  objects = createObjectReader(pipeline.registry.first('objects'), pipeline.sessions) as ObjectReader;
});
afterAll(() => pipeline?.close());

it.each([1, 3, 5] as const)('the people of photo %i are rather people than animals', async (number) => {
  const frame = await decodePicture(photo(number));
  const boxes = await pipeline.detectFaces(frame);
  expect(boxes.length).toBeGreaterThan(2);
  for (const { person, animal } of await objects(frame, boxes)) expect(person).toBeGreaterThan(animal);
});

itWithData.each([
  ['lp_dog1.jpg', { x: 57, y: 38, width: 125, height: 187 }],
  ['lp_dog2.jpg', { x: 31, y: 62, width: 188, height: 188 }],
])('the head of %s is rather of an animal', async (name, box) => {
  const frame = await decodePicture(readFileSync(`${sharedData('noface')}/${name}`));
  const [scores] = await objects(frame, [{ ...box, angle: 0 }]);
  expect(scores?.animal).toBeGreaterThan(1.25 * (scores?.person ?? 1));
});

it('without a model that knows them nobody is asked', () => {
  expect(createObjectReader(undefined, pipeline.sessions)).toBeUndefined();
});
