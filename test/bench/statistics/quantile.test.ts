import { expect, it } from 'vitest';
import { median, quantile } from './quantile.ts';

it('is the middle, or the mean of both in the middle', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
});

it('is linear between neighbours, whatever their order', () => {
  expect([0, 0.25, 0.9, 1].map((share) => quantile([30, 10, 20, 40, 50], share))).toEqual([10, 20, 46, 50]);
});

it('is no number of no values', () => expect(median([])).toBeNaN());
