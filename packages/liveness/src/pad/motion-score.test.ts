import { photo } from '@openfrs/testing/photos';
import { decodePicture, resized } from '@openfrs/vision/image';
import { createFacePipeline, type FacePipeline, type Frame } from '@openfrs/vision/pipeline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  animated,
  drawnPerSecond,
  type Portrait,
} from '../../../../test/bench/liveness/species/one-photo.ts';
import { exchanged } from '../../../../test/bench/liveness/species/two-photos.ts';
import { createLiveness, type LocalLiveness } from '../create-liveness.ts';
import { printOf } from '../testing/printed-pai.ts';
import { scoreMotion } from './motion-score.ts';

let pipeline: FacePipeline;
let liveness: LocalLiveness;
beforeAll(async () => {
  pipeline = await createFacePipeline({ threads: 1 });
  liveness = await createLiveness({ pipeline });
});
afterAll(() => pipeline.close());

const side = 360;

/** A camera's grain over a frame, different in each. */
function grainy({ data, ...frame }: Frame, seed: number): Frame {
  let state = (seed + 1) * 2654435761;
  const noisy = data.map((value) => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return Math.max(0, Math.min(255, value + (state / 2 ** 32 - 0.5) * 8));
  });
  return { ...frame, data: noisy };
}

async function portrait(): Promise<Portrait> {
  const print = await printOf(pipeline, await decodePicture(photo(1)));
  if (print === undefined) throw new Error('The photo has no face.');
  const frame = await resized(print.frame, side, side);
  const [box] = await pipeline.detectFaces(frame, { rotations: false });
  if (box === undefined) throw new Error('The print has no face.');
  const { points } = await pipeline.faceMesh(frame, box);
  return { name: 'photo', person: 'photo', frame, points };
}

async function judged(drawn: readonly Frame[]) {
  const frames = drawn.map((one, i) => ({ ...grainy(one, i), timeMs: (1000 * i) / drawnPerSecond }));
  const request = { actions: [1], nodThreshold: 10 } as const;
  return (await liveness.reportFrames(frames, request, (1000 * drawn.length) / drawnPerSecond)).judgement;
}

it('one photo that is warped by its landmarks turns its head, and is refused for nothing but how it moves', async () => {
  const judgement = await judged([...animated(await portrait(), [1])]);
  expect(judgement.actions[0]?.confidence).toBeGreaterThanOrEqual(0.5);
  expect(judgement.motion?.score).toBeGreaterThan(0);
  expect(judgement.refusals.map(({ check }) => check)).toEqual(['living motion']);
  expect(judgement).toMatchObject({ alive: false, warnings: [7] });
});

it('two photos that fade into each other turn a head, and are seen in one frame at once', async () => {
  const rest = await portrait();
  const turned = [...animated(rest, [1])][Math.round(1.2 * drawnPerSecond)];
  if (turned === undefined) throw new Error('Nothing was drawn.');
  const judgement = await judged([...exchanged({ rest, peak: { ...rest, frame: turned } }, 0.8)]);
  expect(judgement.actions[0]?.confidence).toBeGreaterThanOrEqual(0.5);
  expect(judgement.motion?.cues.actions[0]?.crossFade).toBeLessThan(0.05);
  expect(judgement.motion?.score).toBeGreaterThan(1);
  expect(judgement.refusals.map(({ check }) => check)).toEqual(['living motion']);
});

describe('the score', () => {
  const changed = (by: number) => ({ grey: 0.03 * by, relighting: 0.02 * by });
  const living = { crossFade: 0.5, exchange: 2 };
  const turned = (by: number) => ({
    ...{ action: 1 as const, way: 20, detail: 0.03 * by, ...living },
    ...changed(by),
  });
  const of = (by: number) =>
    scoreMotion({ rest: changed(by), restPairs: 5, actions: [turned(by)] })?.score ?? 0;

  it('is over 0 where nearly nothing changes, and under 0 where a face lives', () => {
    expect(of(0.05)).toBeGreaterThan(0);
    expect(of(1)).toBeLessThan(0);
  });

  it('is the mean of several actions', () => {
    const { score } = scoreMotion({
      rest: changed(1),
      restPairs: 5,
      actions: [turned(1), turned(1), turned(1)],
    }) ?? { score: 0 };
    expect(score).toBeCloseTo(of(1), 6);
  });

  it('is over 0 where the eyes are still while a mouth opens, whatever else changes', () => {
    const opened = { ...turned(1), action: 4 as const, way: 0.2 };
    const withEyes = (eyes: number) =>
      scoreMotion({ rest: changed(1), restPairs: 5, actions: [opened, turned(1), turned(1)], eyes })?.score;
    expect(withEyes(0.002)).toBeGreaterThan(0);
    expect(withEyes(0.0075)).toBeLessThan(0);
  });

  it.each([
    ['a cross-fade', { crossFade: 0.08 }],
    ['an exchange of photos', { exchange: 25 }],
  ])('is over 0 where one of several actions is %s, however much a face lives else', (_, made) => {
    const cues = { rest: changed(1), restPairs: 5 };
    const score = (second: object) =>
      scoreMotion({ ...cues, actions: [turned(1), { ...turned(1), ...second }, turned(1)] })?.score;
    expect(score({})).toBeLessThan(0);
    expect(score(made)).toBeGreaterThan(0);
  });

  it('is nothing where nothing could be measured, and refuses nobody for it', () => {
    expect(scoreMotion({ restPairs: 0, actions: [] })).toBeUndefined();
    const blink = { action: 5 as const, way: 0.05, detail: 0, grey: 0, relighting: 0, ...living };
    expect(scoreMotion({ restPairs: 0, actions: [blink] })).toBeUndefined();
  });
});
