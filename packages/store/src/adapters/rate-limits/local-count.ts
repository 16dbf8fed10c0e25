import type { RateLimits } from '@openfrs/core';
import { StorageFull } from '@openfrs/core/ports/storage-full.ts';

/** Counters of so many keys are kept at once. */
const mostKeys = 10_000;

/**
 * Counts on in this process while the store can't be written to, from the last number it told: a full disk stops no read, and
 * no limit, that of guessed passwords included, falls away. Other failures are passed on.
 */
export function countedLocally(shared: RateLimits): RateLimits {
  const counts = new Map<string, number>();
  const note = (key: string, count: number) => {
    // The oldest goes first.
    counts.delete(key);
    counts.set(key, count);
    const [oldest] = counts.keys();
    if (counts.size > mostKeys && oldest !== undefined) counts.delete(oldest);
    return count;
  };
  return {
    async hit(projectId, operation, now) {
      const key = `${projectId}#${operation}#${Math.floor(now.getTime() / 60_000)}`;
      try {
        return note(key, Math.max(await shared.hit(projectId, operation, now), counts.get(key) ?? 0));
      } catch (error) {
        if (!(error instanceof StorageFull)) throw error;
        return note(key, (counts.get(key) ?? 0) + 1);
      }
    },
  };
}
