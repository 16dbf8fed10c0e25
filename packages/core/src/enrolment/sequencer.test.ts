import { expect, it } from 'vitest';
import { isLater } from './sequencer.ts';

it.each([
  ['0055AED6DCD90281E6', '0055AED6DCD90281E5'],
  ['0055AED6DCD90281E5A', '0055AED6DCD90281E5'],
  ['01', '0055AED6DCD90281E5'],
  ['0a', '09'],
  ['0B', '0a'],
])('%s came after %s', (later, earlier) => {
  expect(isLater(later, earlier)).toBe(true);
  expect(isLater(earlier, later)).toBe(false);
});

it('an event did not come after itself, however its zeros are written', () => {
  expect(isLater('0055', '0055')).toBe(false);
  expect(isLater('005500', '0055')).toBe(false);
});
