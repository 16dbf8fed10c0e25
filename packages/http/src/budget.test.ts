import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Budget } from './budget.ts';

describe('a budget', () => {
  it('is never passed, everyone gets in at last, and the first come are the first served', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat({ max: 15 }), { maxLength: 30 }),
        fc.scheduler(),
        async (amounts, scheduler) => {
          const budget = new Budget(10);
          let held = 0;
          const begun: number[] = [];
          const all = amounts.map((amount, index) =>
            budget.hold(amount, async () => {
              held += Math.min(amount, 10);
              if (amount > 0) begun.push(index);
              expect(held).toBeLessThanOrEqual(10);
              await scheduler.schedule(Promise.resolve());
              held -= Math.min(amount, 10);
            }),
          );
          await Promise.resolve();
          await Promise.all([scheduler.waitIdle(), ...all]);
          expect(begun).toEqual([...begun].sort((a, b) => a - b));
          expect(begun).toHaveLength(amounts.filter((amount) => amount > 0).length);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('is given back by work that fails', async () => {
    const budget = new Budget(1);
    const failing = budget.hold(1, async () => {
      throw new Error('failed');
    });
    await expect(failing).rejects.toThrow('failed');
    expect(await budget.hold(1, async () => 'next')).toBe('next');
  });
});
