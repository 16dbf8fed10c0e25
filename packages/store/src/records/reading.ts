import type { Database } from './database.ts';
import { isGone, type Meta, readMeta } from './meta.ts';

/**
 * What a reading of the item of a set that is there found, and when: in ticks that count the beginnings and ends of all readings of this
 * process. Of two readings, the one that began after the other's end is at least as new; of two that overlap, neither is known to be.
 */
export interface Reading {
  readonly meta: Meta;
  readonly begun: number;
  readonly ended: number;
}

let ticks = 0;

/** Reads a set's item, consistently; `undefined` where the set is gone. */
export async function takeReading(database: Database, setId: string): Promise<Reading | undefined> {
  ticks += 1;
  const begun = ticks;
  const meta = await readMeta(database, setId);
  ticks += 1;
  return isGone(meta) ? undefined : { meta, begun, ended: ticks };
}
