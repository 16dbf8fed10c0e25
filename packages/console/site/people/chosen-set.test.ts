import { expect, test } from 'vitest';
import type { FaceSetInfo } from '../api/responses.ts';
import { chosenSet } from './chosen-set.tsx';

const sets = ['guests', 'staff'].map((face_set_name) => ({ face_set_name }) as FaceSetInfo);

test.each([
  ['staff', 'staff'],
  ['', 'guests'],
  ['stafff', undefined],
])('the address names %j: %j is taken', (name, taken) => {
  expect(chosenSet(sets, name)?.face_set_name).toBe(taken);
});
