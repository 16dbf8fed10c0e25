import { setTimeout as pause } from 'node:timers/promises';

/** Bounds of one pass over a table or a bucket. */
export interface PassLimits {
  /** Items or objects that are looked at in one request. */
  readonly pageItems: number;
  /** Those that are looked at in one pass, to a page; the next goes on from there. */
  readonly items: number;
  /** A pause behind each page, in multiples of what the page took: other requests have the engine meanwhile. */
  readonly rest: number;
}

/** What was done with one page. */
export interface PageResult<T> {
  readonly removed: number;
  /** Where the page ended; undefined: there is no further one. */
  readonly next: T | undefined;
}

/**
 * Works off pages up to a bound, with a rest behind each.
 * @param after where the last pass ended; undefined: from the beginning
 * @returns `next`: where the next pass goes on, undefined: from the beginning
 */
export async function passOver<T>(
  after: T | undefined,
  { pageItems, items, rest }: PassLimits,
  page: (after: T | undefined) => Promise<PageResult<T>>,
): Promise<PageResult<T>> {
  let next = after;
  let examined = 0;
  let removed = 0;
  do {
    const began = performance.now();
    const done = await page(next);
    next = done.next;
    removed += done.removed;
    examined += pageItems;
    if (next !== undefined) await pause((performance.now() - began) * rest);
  } while (next !== undefined && examined < items);
  return { removed, next };
}
