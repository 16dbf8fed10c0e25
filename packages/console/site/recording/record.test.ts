import { expect, test } from 'vitest';
import { lengthOf, stepAt, stepsOf } from './challenge.ts';
import { recordedType } from './record.ts';

test.each([
  ['Chromium and Firefox', ['video/webm;codecs=vp8', 'video/webm'], 'video/webm;codecs=vp8'],
  ['Safari', ['video/mp4', 'video/mp4;codecs=avc1.42E01E'], 'video/mp4;codecs=avc1.42E01E'],
  ['a browser with both', ['video/mp4', 'video/webm;codecs=vp8'], 'video/webm;codecs=vp8'],
  ['a browser with neither', ['video/ogg'], undefined],
])('records in %s as the service reads it', (_, supported, type) => {
  expect(recordedType((one) => supported.includes(one))).toBe(type);
});

test('asks for each action in its time, and for the rest after it', () => {
  const steps = stepsOf([1, 3]);
  const asked = [0, 1500, 3699, 3700, 4500, 7500].map((ms) => stepAt(steps, ms));
  expect(asked).toEqual([
    undefined,
    { index: 0, isOver: false },
    { index: 0, isOver: false },
    { index: 0, isOver: true },
    { index: 1, isOver: false },
    undefined,
  ]);
  expect(lengthOf(stepsOf([1, 2, 3, 4]))).toBeLessThan(15_000);
});
