import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryBudget, type MemoryReservation } from './memory-budget.ts';

const step = fc.record({
  request: fc.nat({ max: 5 }),
  bytes: fc.nat({ max: 40 }),
  owner: fc.constantFrom('a', 'b', 'c'),
  after: fc.constantFrom('nothing', 'assign', 'subtract', 'free', 'release'),
});

it('is never passed, keeps half from an owner of several whole bodies, an eighth from those that hold much, and is whole again in the end', () => {
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
        const isOnly = budget.reserved === one.bytes;
        const most = isOnly || sum(one.owner) + bytes <= 100 / 16 ? 100 : 87.5;
        const fits = budget.reserved + bytes <= most && (isAlone || sum(one.owner) + bytes <= 50);
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

it('tells before a body is read whether it would fit, by ending others too, and counts nothing for that', () => {
  const budget = new MemoryBudget(100);
  const flood = budget.reserve('flood');
  flood.startBody(() => {});
  expect(flood.add(80)).toBe(true);
  const other = budget.reserve('other');
  expect([other.hasCapacity(5), other.hasCapacity(40), other.hasCapacity(90)]).toEqual([true, true, true]);
  flood.endBody();
  expect([other.hasCapacity(5), other.hasCapacity(40)]).toEqual([true, false]);
  expect(budget.reserve('flood').hasCapacity(5)).toBe(false);
  expect(budget.reserved).toBe(80);
});

it('takes one body as large as itself, and keeps room for others beside many of one project', () => {
  const budget = new MemoryBudget(100);
  const large = budget.reserve('a');
  expect(large.add(100)).toBe(true);
  large.release();
  const flood = Array.from({ length: 10 }, () => budget.reserve('flood'));
  expect(flood.filter((reservation) => reservation.add(20))).toHaveLength(2);
  expect(budget.reserve('other').add(45)).toBe(true);
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

const mebibyte = 1024 * 1024;

/** A budget as large as the preset, a clock, and bodies that come in pieces of 64 kB. */
function uploads() {
  let time = 0;
  let peak = 0;
  const budget = new MemoryBudget(128 * mebibyte, () => time);
  const ended: string[] = [];
  /** Sends so much of a body, which stays unfinished. */
  const send = (owner: string, bytes: number) => {
    const reservation = budget.reserve(owner);
    const body = { reservation, held: 0, isEnded: false, isRefused: false };
    reservation.startBody(() => {
      body.isEnded = true;
      ended.push(owner);
    });
    grow(body, bytes);
    return { body, grow: (more: number) => grow(body, more) };
  };
  const grow = (
    body: { reservation: MemoryReservation; held: number; isEnded: boolean; isRefused: boolean },
    bytes: number,
  ) => {
    for (let left = bytes; left > 0 && !body.isEnded && !body.isRefused; left -= 65_536) {
      const piece = Math.min(left, 65_536);
      if (body.reservation.add(piece)) body.held += piece;
      else {
        // As `readStream` and `withReservation` do with a refused body.
        body.isRefused = true;
        body.reservation.release();
      }
      peak = Math.max(peak, budget.reserved);
    }
  };
  return { budget, ended, send, peak: () => peak, pass: (ms: number) => (time += ms) };
}

describe('unfinished bodies', () => {
  it('of up to 8 owners, however large, keep no body of up to 4 MB of a newcomer out', () => {
    const upload = fc.record({
      owner: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
      bytes: fc.integer({ min: 1, max: 12 * mebibyte }),
      pause: fc.nat({ max: 20_000 }),
    });
    fc.assert(
      fc.property(
        fc.array(upload, { minLength: 10, maxLength: 40 }),
        fc.integer({ min: 1, max: 4 * mebibyte }),
        (hostile, bytes) => {
          const { budget, send, pass, peak } = uploads();
          const all = [];
          for (const { owner, bytes: held, pause } of hostile) {
            all.push(send(owner, held));
            pass(pause);
          }
          const newcomer = send('newcomer', 0);
          expect(newcomer.body.reservation.hasCapacity(bytes)).toBe(true);
          newcomer.grow(bytes / 2);
          // They go on while it sends.
          for (const { owner, bytes: held } of hostile.slice(0, 5)) all.push(send(owner, held));
          newcomer.grow(bytes - newcomer.body.held);
          expect(newcomer.body).toMatchObject({ held: bytes, isEnded: false, isRefused: false });
          expect(peak()).toBeLessThanOrEqual(128 * mebibyte);
          for (const { body } of [newcomer, ...all]) body.reservation.release();
          expect(budget.reserved).toBe(0);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('end for others in the order of what their owners hold, the slowest first', () => {
    const { ended, send, pass, budget } = uploads();
    const slow = send('a', 12 * mebibyte);
    pass(1000);
    const fast = Array.from({ length: 4 }, () => send('a', 12 * mebibyte));
    const few = Array.from({ length: 4 }, () => send('b', 12 * mebibyte));
    pass(4500);
    for (const { grow } of [...fast, ...few]) grow(1);
    expect(send('c', 6 * mebibyte).body).toMatchObject({ held: 6 * mebibyte });
    expect(ended).toEqual(['a']);
    expect(slow.body.isEnded).toBe(true);
    expect(budget.reserved).toBe((4 * 12 + 4 * 12 + 6) * mebibyte + 8);
  });

  it('at 1 Mbit/s are left alone, also where the memory is full of others', () => {
    const { send, pass, budget } = uploads();
    const honest = send('honest', 1);
    for (let second = 0; second < 100; second++) {
      for (let one = 0; one < 6; one++) for (const owner of ['a', 'b']) send(owner, 12 * mebibyte);
      pass(1000);
      honest.grow(125_000);
    }
    expect(honest.body).toMatchObject({ held: 12_500_001, isEnded: false });
    expect(budget.reserved).toBeGreaterThan(90 * mebibyte);
  });

  it('of one owner end each other only when they fall behind 64 kB/s for 5 s', () => {
    const { ended, send, pass } = uploads();
    for (let one = 0; one < 5; one++) send('proxy', 12 * mebibyte);
    expect(send('proxy', 12 * mebibyte).body.isRefused).toBe(true);
    pass(5001);
    expect(send('proxy', 12 * mebibyte).body).toMatchObject({ held: 12 * mebibyte });
    expect(ended).toEqual(['proxy']);
  });

  it('that are whole are never ended', () => {
    const { ended, send, pass } = uploads();
    for (const owner of ['a', 'a', 'b', 'b']) send(owner, 28 * mebibyte).body.reservation.endBody();
    pass(60_000);
    expect(send('c', 4 * mebibyte).body.isRefused).toBe(true);
    // The eighth that is kept for those that hold little.
    for (let owner = 0; owner < 16; owner++)
      expect(send(`small ${owner}`, mebibyte).body).toMatchObject({ held: mebibyte });
    expect(ended).toEqual([]);
  });
});
