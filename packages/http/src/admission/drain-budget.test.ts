import { expect, it } from 'vitest';
import { createAdmission } from './admission.ts';
import { DrainBudget, maxDrainBytes } from './drain-budget.ts';

it('has so many refused bodies read on side by side, and none that is too large', () => {
  const budget = new DrainBudget(2);
  expect(budget.tryStart(maxDrainBytes + 1)).toBe(false);
  expect([budget.tryStart(10), budget.tryStart(0), budget.tryStart(0)]).toEqual([true, true, false]);
  budget.end();
  expect(budget.tryStart(0)).toBe(true);
});

it('takes no more bytes of all of them together than it has', () => {
  const budget = new DrainBudget(128, { capacity: 100, perSecond: 0.001 });
  expect(budget.tryStart(60)).toBe(true);
  expect([budget.tryStart(60), budget.tryTake(60), budget.tryTake(40), budget.tryTake(1)]).toEqual([
    false,
    false,
    true,
    false,
  ]);
});

it('is one for each service: a flood on one takes nothing from another in the same process', () => {
  const [one, other] = [0, 1].map(() => createAdmission({ running: 1, waiting: 1, bodyBytes: 1 }).drains);
  while (one?.tryStart(0));
  expect(other?.tryStart(0)).toBe(true);
});
