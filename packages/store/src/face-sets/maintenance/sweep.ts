import type { FaceSet } from '@openfrs/core';
import { listProjects, readDirectory, type SetEntry, trashSet } from '../records/directory.ts';
import { faceNumber, isGone, type Meta, readMeta } from '../records/manifest.ts';
import type { Store } from '../context.ts';
import { compact } from './compact.ts';
import { purge } from './purge.ts';

export interface SweepReport {
  readonly sets: number;
  readonly compacted: number;
  /** Deleted sets of which nothing is left. */
  readonly purged: number;
  /** Deleted sets that need another sweep after the grace time. */
  readonly purgeLater: number;
  /** What went wrong, by set; the sweep goes on. */
  readonly failures: readonly { readonly setId: string; readonly error: unknown }[];
}

/**
 * Goes over all sets and does what events may have missed: settles operations that died, takes changes and long tails into
 * segments, clears away what is old, purges deleted sets. To be run every few minutes; any number may run at once.
 */
export async function sweep(store: Store): Promise<SweepReport> {
  const counts = { sets: 0, compacted: 0, purged: 0, purgeLater: 0 };
  const failures: { setId: string; error: unknown }[] = [];
  const guarded = async (setId: string, work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      failures.push({ setId, error });
    }
  };
  for (const projectId of await listProjects(store.database)) {
    const directory = await readDirectory(store.database, projectId);
    for (const entry of directory?.sets.values() ?? []) {
      await guarded(entry.id, async () => {
        counts.sets += 1;
        if (await sweepSet(store, projectId, entry)) counts.compacted += 1;
      });
    }
    for (const { setId } of directory?.trash ?? []) {
      await guarded(setId, async () => {
        if (await purge(store, projectId, setId)) counts.purged += 1;
        else counts.purgeLater += 1;
      });
    }
  }
  return { ...counts, failures };
}

async function sweepSet(store: Store, projectId: string, entry: SetEntry): Promise<boolean> {
  const meta = await readMeta(store.database, entry.id);
  if (isGone(meta)) {
    await trashSet(store.database, projectId, entry.name, entry.id, store.now());
    return false;
  }
  if (!hasWork(meta)) return false;
  const set: FaceSet = { ...entry, projectId, faceNumber: faceNumber(meta) };
  return (await compact(store, set)).switched;
}

/** The log is kept for a while after it was cleared: it may be old enough now only if there is one. */
function hasWork(meta: Meta): boolean {
  return meta.inflight.size > 0 || meta.retired.length > 0 || meta.rev > 0 || meta.next > 0;
}
