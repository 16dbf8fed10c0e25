import { readFileSync } from 'node:fs';
import { ensureModels } from '@openfrs/models/ensure.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { photo } from '../../../../test/support/photos.ts';
import { itWithData, sharedData } from '../../../../test/support/shared-data.ts';
import { createEngine, type FaceEngine } from '../engine.ts';
import { decodePicture } from '../picture/decode.ts';
import { type AnimalCheck, createAnimalCheck } from './animals.ts';

let engine: FaceEngine;
let animalAt: AnimalCheck;
beforeAll(async () => {
  await ensureModels();
  engine = await createEngine();
  animalAt = createAnimalCheck(engine.models('objects'), engine.sessions) as AnimalCheck;
});
afterAll(() => engine?.close());

it.each([1, 3, 5] as const)('the people of photo %i are no animals', async (number) => {
  const frame = await decodePicture(photo(number));
  const boxes = await engine.detectFaces(frame);
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
  expect(createAnimalCheck([], engine.sessions)).toBeUndefined();
});
