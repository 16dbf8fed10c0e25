import { expect, it } from 'vitest';
import { closedMouth, restMouth } from './rest.ts';

const at = (values: readonly number[]) => ({ times: values.map((_, i) => i * 100), values });
const shut = [0.01, 0.01, 0.012, 0.01, 0.01, 0.01];
const open = Array.from({ length: 24 }, () => 0.15);

it('a mouth is closed that keeps so for a while, also where it is open for most of the clip', () => {
  expect(closedMouth(at([...shut, ...open]))).toBeCloseTo(0.012);
  expect(closedMouth(at([...open, ...shut]))).toBeCloseTo(0.012);
});

it('lips that only touch while somebody talks are not closed', () => {
  const talking = Array.from({ length: 30 }, (_, i) => (i % 4 === 0 ? 0.01 : 0.07));
  expect(closedMouth(at(talking))).toBeCloseTo(0.07);
});

it('the closed mouth is the rest only where an open one is usual', () => {
  expect(restMouth(0.15, at([...shut, ...open]))).toBeCloseTo(0.012);
  expect(restMouth(0.03, at([...shut, ...open]))).toBeCloseTo(0.03);
});
