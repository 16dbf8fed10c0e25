import type { Database } from './database.ts';
import { type Meta, readMeta } from './meta.ts';

/**
 * What a reading of a set's item found, and when: in ticks that count the beginnings and ends of all readings of this
 * process. Of two readings, the one that began after the other's end is at least as new; of two that overlap, neither is known to be.
 */
export interface Reading {
  readonly meta: Meta | undefined;
  readonly begun: number;
  readonly ended: number;
}

/** Of a set that is there. */
export type LivingReading = Reading & { readonly meta: Meta };

let ticks = 0;

/** Reads a set's item, consistently. */
export async function takeReading(database: Database, setId: string): Promise<Reading> {
  ticks += 1;
  const begun = ticks;
  const meta = await readMeta(database, setId);
  ticks += 1;
  return { meta, begun, ended: ticks };
}
