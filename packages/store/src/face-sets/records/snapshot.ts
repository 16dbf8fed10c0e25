import type { Table } from '../../dynamodb/table.ts';
import { isDeleted, readManifest, type SetManifest } from './manifest.ts';

/**
 * A consistent read of a set's manifest. Logical start and end ticks order the reads of one store context: `a` is at least as
 * new as `b` if `a.startedAt > b.endedAt`; overlapping ones are unordered.
 */
export interface ManifestSnapshot {
  readonly manifest: SetManifest;
  readonly startedAt: number;
  readonly endedAt: number;
}

/** What orders snapshots. */
export type Ticks = Pick<ManifestSnapshot, 'startedAt' | 'endedAt'>;

/** A logical clock: each call answers a higher number. */
export type LogicalClock = () => number;

export function createLogicalClock(): LogicalClock {
  let ticks = 0;
  return () => ++ticks;
}

/** Reads a set's manifest; `undefined` where the set is deleted. */
export async function takeSnapshot(
  { table, tick }: { readonly table: Table; readonly tick: LogicalClock },
  setId: string,
): Promise<ManifestSnapshot | undefined> {
  const startedAt = tick();
  const manifest = await readManifest(table, setId);
  const endedAt = tick();
  return isDeleted(manifest) ? undefined : { manifest, startedAt, endedAt };
}
