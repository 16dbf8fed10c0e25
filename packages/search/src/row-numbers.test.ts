import { expect, it } from 'vitest';
import { RowNumbers } from './row-numbers.ts';

it.each([
  ['without gaps', [7, 8, 9, 10], 0],
  ['with gaps', [0, 3, 4, 2 ** 32 - 1], 16],
  ['far apart', [5, 2 ** 40, 2 ** 52], 24],
  ['none', [], 0],
  ['one', [2 ** 50], 0],
])('keeps numbers %s in as few bytes as they need', (_, numbers, bytes) => {
  const kept = new RowNumbers(Float64Array.from(numbers));
  expect(kept.bytes).toBe(bytes);
  expect(numbers.map((_, row) => kept.of(row))).toEqual(numbers);
  expect(numbers.map((number) => kept.find(number))).toEqual(numbers.map((_, row) => row));
  for (const number of numbers) {
    for (const near of [number - 1, number + 1, number + 2 ** 32]) {
      expect(kept.find(near)).toBe(numbers.includes(near) ? numbers.indexOf(near) : undefined);
    }
  }
});
