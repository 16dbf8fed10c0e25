import { mapConcurrent } from '../dynamodb/concurrency.ts';
import type { Key, Table } from '../dynamodb/table.ts';
import { type PageResult, type PassLimits, passOver } from './pass.ts';

/** A fifth of one engine's time at most; with passes every ten minutes 14 million items a day. */
export const itemLimits: PassLimits = { pageItems: 100, items: 100_000, rest: 4 };

/** Items that nobody prolongs once they have expired, by their partition: of these there are most, and they may go in batches. */
const isFinal = ({ pk }: Key) => /^(?:RATE#|CHALLENGE#|DEAD$)/.test(pk);

/** Deletions of other items that are under way at once. */
const deletions = 4;

/** Clocks of servers may differ by so much. */
const clockSkewSeconds = 3600;

/** Removes what has expired among the next items of a table. @param now milliseconds since 1970 */
export function removeExpiredItems(
  table: Table,
  after: Key | undefined,
  now: number,
  limits: PassLimits,
): Promise<PageResult<Key>> {
  const before = Math.floor(now / 1000) - clockSkewSeconds;
  return passOver(after, limits, async (from) => {
    const { keys, next } = await table.expired(before, limits.pageItems, from);
    await remove(table, keys, before);
    return { removed: keys.length, next };
  });
}

async function remove(table: Table, keys: readonly Key[], before: number): Promise<void> {
  await table.removeMany(keys.filter(isFinal));
  await mapConcurrent(
    keys.filter((key) => !isFinal(key)),
    deletions,
    (key) => table.removeExpired(key, before),
  );
}
