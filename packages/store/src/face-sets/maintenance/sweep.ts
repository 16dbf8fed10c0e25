import type { FaceSet } from '@openfrs/core';
import type { StoreContext } from '../context.ts';
import { finishRemoval } from '../protocol/replacement.ts';
import { removeOrphan } from '../protocol/staging.ts';
import { listProjects, readDirectory, type SetEntry } from '../records/directory.ts';
import { faceNumber, isDeleted, readManifest, type SetManifest } from '../records/manifest.ts';
import { compact } from './compact.ts';
import { purge } from './purge.ts';

export interface SweepReport {
  readonly sets: number;
  readonly compacted: number;
  /** Segments that were due to be written when the sweep came by: what the tasks behind writes had not done yet. */
  readonly piecesDue: number;
  /** Deleted sets of which nothing is left. */
  readonly purged: number;
  /** Deleted sets that need another sweep after the grace time. */
  readonly purgeLater: number;
  /** What went wrong, by set; the sweep goes on. */
  readonly failures: readonly { readonly setId: string; readonly error: unknown }[];
}

/**
 * Goes over all sets and does what events may have missed: recovers operations in doubt, compacts changes and long tails, collects
 * garbage, purges deleted sets. To be run every few minutes; any number may run at once.
 */
export async function sweep(store: StoreContext): Promise<SweepReport> {
  const counts = { sets: 0, compacted: 0, piecesDue: 0, purged: 0, purgeLater: 0 };
  const failures: { setId: string; error: unknown }[] = [];
  const guarded = async (setId: string, work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      failures.push({ setId, error });
    }
  };
  for (const projectId of await listProjects(store.table)) {
    const directory = await readDirectory(store.table, projectId);
    for (const entry of directory?.sets.values() ?? []) {
      await guarded(entry.id, async () => {
        counts.sets += 1;
        const { piecesDue, compacted } = await sweepSet(store, projectId, entry);
        counts.piecesDue += piecesDue;
        if (compacted) counts.compacted += 1;
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

const idle = { piecesDue: 0, compacted: false };

async function sweepSet(
  store: StoreContext,
  projectId: string,
  entry: SetEntry,
): Promise<{ readonly piecesDue: number; readonly compacted: boolean }> {
  if (await removeOrphan(store, projectId, entry)) return idle;
  const manifest = await readManifest(store.table, entry.id);
  if (isDeleted(manifest)) {
    await finishRemoval(store, projectId, entry, manifest);
    return idle;
  }
  if (!hasWork(manifest)) return idle;
  const set: FaceSet = { ...entry, projectId, faceNumber: faceNumber(manifest) };
  const { due, switched } = await compact(store, set);
  return { piecesDue: due, compacted: switched };
}

/** A set that was never written to has none. The change log outlives its truncation by the grace time. */
function hasWork(manifest: SetManifest): boolean {
  return (
    manifest.inFlight.size > 0 || manifest.retired.length > 0 || manifest.revision > 0 || manifest.next > 0
  );
}
