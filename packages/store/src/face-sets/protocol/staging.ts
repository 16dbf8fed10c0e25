import type { RecordContext } from '../context.ts';
import { readDirectory, type SetEntry } from '../records/directory.ts';
import { isDeleted, markDeleted, readManifest } from '../records/manifest.ts';
import { newOperationId } from '../records/operation-id.ts';
import { endReindexLease, takeReindexLease } from '../records/reindex-lease.ts';
import { stagedFor } from '../records/staging-name.ts';
import { finishRemoval } from './replacement.ts';

/**
 * Removes a set's copies, but for the one that has taken its place. The caller has the set's lease, or the set is gone: no copy
 * can take its place any more.
 */
export async function removeStaged(store: RecordContext, projectId: string, setId: string): Promise<void> {
  const source = await readManifest(store.table, setId);
  // Read last: who took the set's place before has no copy's name here.
  const directory = await readDirectory(store.table, projectId);
  for (const entry of directory?.sets.values() ?? []) {
    if (stagedFor(entry.name) !== setId || entry.id === source?.replacedBy) continue;
    await markDeleted(store.table, entry.id, newOperationId(), store.now());
    await finishRemoval(store, projectId, entry, await readManifest(store.table, entry.id));
  }
}

/** Removes a copy that a run left behind when it was cut off. @returns whether there was one to remove */
export async function removeOrphan(
  store: RecordContext,
  projectId: string,
  { id, name }: SetEntry,
): Promise<boolean> {
  const { table } = store;
  const setId = stagedFor(name);
  if (setId === undefined) return false;
  const source = await readManifest(table, setId);
  if (source?.replacedBy === id) return false;
  if (isDeleted(source)) {
    await removeStaged(store, projectId, setId);
    return true;
  }
  const run = newOperationId();
  if (!(await takeReindexLease(table, setId, run, store.now()))) return false;
  await removeStaged(store, projectId, setId);
  await endReindexLease(table, setId, run);
  return true;
}
