import { expect, it } from 'vitest';
import { warningsResponse } from './warnings.ts';

it('a warning says what is wrong, and what to do about it where that is known', () => {
  expect(warningsResponse([6, 8], { 6: 'Open your mouth wider, and close it.' })).toEqual([
    {
      warningCode: 6,
      warningMsg: 'The movement of the action is too small. Open your mouth wider, and close it.',
    },
    { warningCode: 8, warningMsg: 'No preferred picture can be selected.' },
  ]);
});

it('advice for a warning that is not given is not told', () => {
  expect(warningsResponse([], { 7: 'Come closer.' })).toEqual([]);
});
