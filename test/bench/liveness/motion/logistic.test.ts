import { expect, it } from 'vitest';
import { type Case, fitLogistic, oddsOf } from './logistic.ts';

/** Two features that tell attacks by their sum, and one that tells nothing; without luck. */
const cases: Case[] = Array.from({ length: 200 }, (_, i) => {
  const [a, b, c] = [Math.sin(i * 1.7), Math.cos(i * 2.9), Math.sin(i * 5.3 + 1)];
  return { features: [a, b, c], attack: a + b > 0, weight: 1 };
});

it('finds what tells attacks from people', () => {
  const linear = fitLogistic(cases, [1, 1, 1], 0.001);
  const right = cases.filter(({ features, attack }) => oddsOf(linear, features) > 0 === attack);
  expect(right.length).toBeGreaterThan(190);
  expect(Math.abs(linear.weights[2] ?? 1)).toBeLessThan(0.2 * (linear.weights[0] ?? 0));
});

it('leaves a feature alone that tells the other way than it may', () => {
  const { weights } = fitLogistic(cases, [1, -1, 1], 0.001);
  expect(weights[0]).toBeGreaterThan(0);
  expect(weights[1]).toBe(0);
});
