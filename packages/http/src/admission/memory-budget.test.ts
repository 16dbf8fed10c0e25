import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MemoryBudget } from './memory-budget.ts';

it('is never passed, refuses only what would pass it, and is whole again when all have given back', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ request: fc.nat({ max: 5 }), bytes: fc.nat({ max: 40 }), end: fc.boolean() })),
      (steps) => {
        const memory = new MemoryBudget(100);
        const shares = new Map<number, { share: ReturnType<MemoryBudget['reserve']>; bytes: number }>();
        for (const { request, bytes, end } of steps) {
          const one = shares.get(request) ?? { share: memory.reserve(), bytes: 0 };
          shares.set(request, one);
          const fits = memory.reserved + bytes <= 100;
          expect(one.share.add(bytes)).toBe(fits);
          if (fits) one.bytes += bytes;
          if (end) {
            one.share.release();
            one.bytes = 0;
          }
          expect(memory.reserved).toBe([...shares.values()].reduce((sum, each) => sum + each.bytes, 0));
        }
        for (const { share } of shares.values()) {
          share.release();
          share.release();
        }
        expect(memory.reserved).toBe(0);
      },
    ),
  );
});
