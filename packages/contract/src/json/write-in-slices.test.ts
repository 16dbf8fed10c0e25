import { keepBusy, turnsOf } from '@openfrs/testing/turns';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ownTurn, runInSlices } from '../steps.ts';
import { writeJson } from './json.ts';
import { writeJsonInSlices } from './write-in-slices.ts';

/** An entry that takes a millisecond to write. */
const slow = (number: number) => ({
  number,
  get name() {
    keepBusy();
    return `face ${number}`;
  },
});

it('property: the same text as in one piece', async () => {
  const value = fc.letrec((tie) => ({
    leaf: fc.oneof(
      ...[fc.string(), fc.double(), fc.constant(-0), fc.bigInt(), fc.boolean()],
      ...[fc.constant(null), fc.constant(undefined)],
    ),
    array: fc.array(tie('any'), { maxLength: 40 }),
    object: fc.dictionary(fc.string(), tie('any')),
    any: fc.oneof({ maxDepth: 4 }, tie('leaf'), tie('array'), tie('object')),
  })).any;
  await fc.assert(
    fc.asyncProperty(value, async (value) => {
      expect(await writeJsonInSlices(value)).toBe(writeJson(value));
    }),
  );
});

it.each([
  ['', (faces: unknown[]) => ({ face_set_id: 'a', faces })],
  [' of one of several results', (faces: unknown[]) => ({ results: [{ bounding_box: {}, faces }] })],
])('a long list%s is written in several turns of the event loop', async (_, answer) => {
  const faces = Array.from({ length: 64 }, (_, number) => slow(number));
  const { result, turns } = await turnsOf(writeJsonInSlices(answer(faces)));
  expect(turns).toBeGreaterThanOrEqual(3);
  expect(result).toBe(writeJson(answer(faces)));
});

it('a short answer is written at once, though the turn is taken and others wait', async () => {
  await ownTurn();
  let isOver = false;
  const long = runInSlices(
    (function* () {
      yield;
    })(),
  ).finally(() => {
    isOver = true;
  });
  expect(await writeJsonInSlices({ face_sets_info: [{ face_set_name: 'a' }] })).toBe(
    '{"face_sets_info":[{"face_set_name":"a"}]}',
  );
  expect(isOver).toBe(false);
  await long;
});
