import { setTimeout as pause } from 'node:timers/promises';
import { mapConcurrent } from '../dynamodb/concurrency.ts';
import type { Key, Table } from '../dynamodb/table.ts';

/** Bounds of one pass over a table. */
export interface PassLimits {
  /** Items that are looked at in one request. */
  readonly pageItems: number;
  /** Items that are looked at in one pass, to a page; the next goes on from there. */
  readonly items: number;
  /** A pause behind each page, in multiples of what the page took: other requests have the engine meanwhile. */
  readonly rest: number;
}

/** A fifth of one engine's time at most; with passes every ten minutes 14 million items a day. */
export const defaultPassLimits: PassLimits = { pageItems: 100, items: 100_000, rest: 4 };

/** Items that nobody prolongs once they have expired, by their partition: of these there are most, and they may go in batches. */
const isFinal = ({ pk }: Key) => /^(?:RATE#|CHALLENGE#|DEAD$)/.test(pk);

/** Deletions of other items that are under way at once. */
const deletions = 4;

/** Clocks of servers may differ by so much. */
const clockSkewSeconds = 3600;

export interface Pass {
  readonly examined: number;
  readonly removed: number;
  /** Where the next pass goes on; undefined: from the beginning. */
  readonly next: Key | undefined;
}

/** Removes what has expired among the next items of a table. @param now milliseconds since 1970 */
export async function removeExpiredItems(
  table: Table,
  after: Key | undefined,
  now: number,
  { pageItems, items, rest }: PassLimits,
): Promise<Pass> {
  const before = Math.floor(now / 1000) - clockSkewSeconds;
  let next = after;
  let examined = 0;
  let removed = 0;
  do {
    const began = performance.now();
    const page = await table.expired(before, pageItems, next);
    await remove(table, page.keys, before);
    next = page.next;
    examined += pageItems;
    removed += page.keys.length;
    if (next !== undefined) await pause((performance.now() - began) * rest);
  } while (next !== undefined && examined < items);
  return { examined, removed, next };
}

async function remove(table: Table, keys: readonly Key[], before: number): Promise<void> {
  await table.removeMany(keys.filter(isFinal));
  await mapConcurrent(
    keys.filter((key) => !isFinal(key)),
    deletions,
    (key) => table.removeExpired(key, before),
  );
}
