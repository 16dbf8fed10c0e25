import { expect, test } from 'vitest';
import { stepOf } from './step-of.ts';

test('what is running is the step, and the report comes once it has ended', () => {
  const chosen = { through: 0, isChecked: false, photos: 5 };
  expect(stepOf(undefined, { ...chosen, photos: 0 })).toBe(0);
  expect(stepOf(undefined, chosen)).toBe(1);
  expect(stepOf('checking', chosen)).toBe(1);
  expect(stepOf(undefined, { ...chosen, isChecked: true })).toBe(2);
  expect(stepOf('enrolling', { ...chosen, through: 3 })).toBe(2);
  expect(stepOf(undefined, { ...chosen, through: 5 })).toBe(3);
});
