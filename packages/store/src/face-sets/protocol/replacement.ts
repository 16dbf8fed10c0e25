import type { RecordContext } from '../context.ts';
import { readDirectory, type SetEntry, takeName, trashSet } from '../records/directory.ts';
import type { SetManifest } from '../records/manifest.ts';
import { enqueueTask } from './request-maintenance.ts';

/**
 * Finishes what took a deleted set's name away: the set that replaces it gets the name, or, where it was removed, the name is
 * free. Either way what is left of the deleted set is to be cleared away. May be repeated by anyone.
 * @returns whether another set has the name now
 */
export async function finishRemoval(
  store: RecordContext,
  projectId: string,
  entry: SetEntry,
  manifest: SetManifest | undefined,
): Promise<boolean> {
  const { table } = store;
  const by = manifest?.replacedBy;
  const directory = by === undefined ? undefined : await readDirectory(table, projectId);
  const successor = [...(directory?.sets.values() ?? [])].find(({ id }) => id === by);
  if (successor === undefined) await trashSet(table, projectId, entry.name, entry.id, store.now());
  else if (successor.name !== entry.name) await takeName(table, projectId, entry, successor, store.now());
  await store.failpoint(successor === undefined ? 'remove:trashed' : 'replace:named');
  await enqueueTask(store, { kind: 'purge', projectId, setId: entry.id });
  return successor !== undefined;
}
