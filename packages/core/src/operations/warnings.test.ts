import { expect, it } from 'vitest';
import { warningsResponse } from './warnings.ts';

it('a message is the one of table 5-14, and what to do about it stands beside it', () => {
  expect(
    warningsResponse([6, 8], { 6: 'Open your mouth wide, keep it open for a moment, and close it.' }),
  ).toEqual([
    {
      warningCode: 6,
      warningMsg: 'The movement of the action is too small.',
      advice: 'Open your mouth wide, keep it open for a moment, and close it.',
    },
    { warningCode: 8, warningMsg: 'No preferred picture can be selected.' },
  ]);
});

it('advice for a warning that is not given is not told', () => {
  expect(warningsResponse([], { 7: 'Come closer.' })).toEqual([]);
});
