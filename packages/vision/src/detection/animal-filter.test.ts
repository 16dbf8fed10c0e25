import { readFileSync } from 'node:fs';
import { ensureModels } from '@openfrs/models/build';
import { photo } from '@openfrs/testing/photos';
import { itWithData, sharedData } from '@openfrs/testing/shared-data';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { decodePicture } from '../image/decode.ts';
import { createFacePipeline, type FacePipeline } from '../pipelines/face-pipeline.ts';
import { type AnimalFilter, createAnimalFilter } from './animal-filter.ts';

let pipeline: FacePipeline;
let animalAt: AnimalFilter;
beforeAll(async () => {
  await ensureModels();
  pipeline = await createFacePipeline();
  animalAt = createAnimalFilter(pipeline.registry.first('objects'), pipeline.sessions) as AnimalFilter;
});
afterAll(() => pipeline?.close());

it.each([1, 3, 5] as const)('the people of photo %i are no animals', async (number) => {
  const frame = await decodePicture(photo(number));
  const boxes = await pipeline.detectFaces(frame);
  expect(boxes.length).toBeGreaterThan(2);
  expect(await animalAt(frame, boxes)).toEqual(boxes.map(() => false));
});

itWithData.each([
  ['lp_dog1.jpg', { x: 57, y: 38, width: 125, height: 187 }],
  ['lp_dog2.jpg', { x: 31, y: 62, width: 188, height: 188 }],
])('the head of %s is one', async (name, box) => {
  const frame = await decodePicture(readFileSync(`${sharedData('noface')}/${name}`));
  expect(await animalAt(frame, [{ ...box, angle: 0 }])).toEqual([true]);
});

it('without a model that knows them nobody is asked', () => {
  expect(createAnimalFilter(undefined, pipeline.sessions)).toBeUndefined();
});
