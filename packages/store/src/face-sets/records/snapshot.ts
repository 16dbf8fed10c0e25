import type { Database } from '../../dynamodb/table.ts';
import { isGone, type Meta, readMeta } from './manifest.ts';

/**
 * A consistent read of a set's manifest. Logical start and end ticks order reads within this process: `a` is at least as new as `b`
 * if `a.begun > b.ended`; overlapping ones are unordered.
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
