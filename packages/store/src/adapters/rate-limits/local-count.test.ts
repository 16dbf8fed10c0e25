import type { RateLimits } from '@openfrs/core';
import { StorageFull } from '@openfrs/core';
import { describe, expect, test } from 'vitest';
import { countedLocally } from './local-count.ts';

const now = new Date('2026-01-01T00:00:30Z');
const later = new Date('2026-01-01T00:01:30Z');

function shared() {
  let count = 0;
  const state: { fault: Error | undefined } = { fault: undefined };
  const limits: RateLimits = {
    async hit() {
      if (state.fault) throw state.fault;
      return ++count;
    },
  };
  return { state, limits: countedLocally(limits) };
}

describe('counters whose store can not be written to', () => {
  test('count on in the process from the last number, and start again with the minute', async () => {
    const { state, limits } = shared();
    expect([await limits.hit('p', 'o', now), await limits.hit('p', 'o', now)]).toEqual([1, 2]);
    state.fault = new StorageFull({ cause: undefined });
    expect([await limits.hit('p', 'o', now), await limits.hit('p', 'o', now)]).toEqual([3, 4]);
    expect(await limits.hit('q', 'o', now)).toBe(1);
    expect(await limits.hit('p', 'o', later)).toBe(1);
  });

  test('do not fall behind what was counted meanwhile when the store is back', async () => {
    const { state, limits } = shared();
    state.fault = new StorageFull({ cause: undefined });
    for (let hit = 0; hit < 5; hit++) await limits.hit('p', 'o', now);
    state.fault = undefined;
    expect(await limits.hit('p', 'o', now)).toBeGreaterThanOrEqual(5);
  });

  test('pass on every other failure', async () => {
    const { state, limits } = shared();
    state.fault = new Error('throttled');
    await expect(limits.hit('p', 'o', now)).rejects.toThrow('throttled');
  });
});
