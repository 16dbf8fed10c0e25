import { readdirSync, readFileSync } from 'node:fs';
import { ensureModels } from '@openfrs/models/ensure';
import { photo } from '@openfrs/testing/photos';
import { describeWithData, sharedData } from '@openfrs/testing/shared-data';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { decodePicture } from '../image/decode.ts';
import { createFacePipeline, type FacePipeline } from '../pipelines/face-pipeline.ts';
import { createStackDetector } from './detector.ts';
import type { Proposal } from './nms.ts';
import { createObjectReader } from './object-scores.ts';
import { type SecondOpinion, withSecondOpinion } from './second-opinion.ts';

let pipeline: FacePipeline;
let opinion: SecondOpinion;
beforeAll(async () => {
  await ensureModels();
  pipeline = await createFacePipeline();
  const { registry, sessions } = pipeline;
  const third = registry.all('detector').find(({ architecture }) => architecture === 'blazeface-dense');
  if (third === undefined) throw new Error('no third detector');
  opinion = {
    third: createStackDetector(third, sessions),
    objects: createObjectReader(registry.first('objects'), sessions),
  };
});
afterAll(() => pipeline?.close());

const proposal = (box: Omit<Proposal, 'score' | 'scoreSum'>): Proposal => ({
  ...box,
  score: 0.5,
  scoreSum: 2,
});

it('a doubtful face gains, a doubtful piece of background loses, and what is sure stays', async () => {
  const frame = await decodePicture(photo(1));
  const [face] = await pipeline.detectFaces(frame);
  if (face === undefined) throw new Error('no face');
  const { width, height } = face;
  const boxes = [face, { x: 0, y: frame.height - height, width, height }].map(proposal);
  const [there = 0, nowhere = 0] = await withSecondOpinion(frame, boxes, [0, 0], opinion, 0);
  expect(there).toBeGreaterThan(1);
  expect(nowhere).toBeLessThan(-2);
  expect(await withSecondOpinion(frame, boxes, [4, -5], opinion, 0)).toEqual([4, -5]);
  expect(await withSecondOpinion(frame, boxes, [0, 0], {}, 0)).toEqual([0, 0]);
});

describeWithData('pictures', () => {
  it.each([
    ...readdirSync(sharedData('noface') ?? '.').map((name) => `noface/${name}`),
    'field/animal_dog.jpg',
  ])('%s: no animal and no thing is a face', async (name) => {
    const frame = await decodePicture(readFileSync(`${sharedData('')}${name}`));
    expect(await pipeline.detectFaces(frame)).toEqual([]);
  });

  it('a face that fills its picture is one, upright', async () => {
    const frame = await decodePicture(readFileSync(`${sharedData('')}field/upright_taken_as_sideways.jpg`));
    expect(await pipeline.detectFaces(frame)).toMatchObject([{ angle: 0 }]);
  });
});
