import type { RateLimits } from '@openfrs/core';
import { StorageFull } from '@openfrs/core';
import { LRUCache } from 'lru-cache';

/** Counters of so many keys are kept at once. */
const countersKept = 10_000;

/**
 * Counts on in this process while the store can't be written to, from the last number it answered: a full disk stops no read, and
 * no limit, that of guessed passwords included, falls away. Other failures are passed on.
 */
export function countedLocally(shared: RateLimits): RateLimits {
  const counts = new LRUCache<string, number>({ max: countersKept });
  const keep = (key: string, count: number) => {
    counts.set(key, count);
    return count;
  };
  return {
    async hit(projectId, operation, now) {
      const key = `${projectId}#${operation}#${Math.floor(now.getTime() / 60_000)}`;
      try {
        return keep(key, Math.max(await shared.hit(projectId, operation, now), counts.get(key) ?? 0));
      } catch (error) {
        if (!(error instanceof StorageFull)) throw error;
        return keep(key, (counts.get(key) ?? 0) + 1);
      }
    },
  };
}
