import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MemoryBudget, type MemoryReservation } from './memory-budget.ts';

const step = fc.record({
  request: fc.nat({ max: 5 }),
  bytes: fc.nat({ max: 40 }),
  owner: fc.constantFrom('a', 'b', 'c'),
  after: fc.constantFrom('nothing', 'assign', 'subtract', 'free', 'release'),
});

it('is never passed, keeps half from an owner of several requests, and is whole again in the end', () => {
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const budget = new MemoryBudget(100);
      const all = new Map<number, { reservation: MemoryReservation; owner: string; bytes: number }>();
      const sum = (owner?: string) =>
        [...all.values()].reduce((total, one) => total + (owner && one.owner !== owner ? 0 : one.bytes), 0);
      for (const { request, bytes, owner, after } of steps) {
        const one = all.get(request) ?? { reservation: budget.reserve(owner), owner, bytes: 0 };
        all.set(request, one);
        const isAlone = sum(one.owner) === one.bytes;
        const fits = budget.reserved + bytes <= 100 && (isAlone || sum(one.owner) + bytes <= 50);
        expect(one.reservation.add(bytes)).toBe(fits);
        if (fits) one.bytes += bytes;
        if (after === 'release') {
          one.reservation.release();
          one.bytes = 0;
        } else if (after === 'subtract') {
          one.reservation.subtract(bytes);
          one.bytes = Math.max(0, one.bytes - bytes);
        } else if (after === 'free') {
          one.reservation.free();
        } else if (after === 'assign') {
          one.reservation.assign(owner);
          one.owner = owner;
        }
        expect(budget.reserved).toBe(sum());
      }
      for (const { reservation } of all.values()) {
        reservation.release();
        reservation.release();
      }
      expect(budget.reserved).toBe(0);
    }),
  );
});

it('takes one body as large as itself, and keeps room for others beside many of one project', () => {
  const budget = new MemoryBudget(100);
  const large = budget.reserve('a');
  expect(large.add(100)).toBe(true);
  large.release();
  const flood = Array.from({ length: 10 }, () => budget.reserve('flood'));
  expect(flood.filter((reservation) => reservation.add(20))).toHaveLength(2);
  expect(budget.reserve('other').add(50)).toBe(true);
});

it('has freed what it was told of once: with `free`, else when it is released', () => {
  const reservation = new MemoryBudget(100).reserve();
  const freed: string[] = [];
  reservation.onFree(() => freed.push('raw'));
  reservation.free();
  expect(freed).toEqual(['raw']);
  reservation.onFree(() => freed.push('decoded'));
  reservation.release();
  reservation.release();
  expect(freed).toEqual(['raw', 'decoded']);
});
