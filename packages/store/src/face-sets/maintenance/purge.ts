import { emptyTrash } from '../records/directory.ts';
import { everySortKey, metaKey, setPartition } from '../records/keys.ts';
import { readMeta } from '../records/manifest.ts';
import type { Store } from '../context.ts';

/**
 * Removes what is left of a deleted set: records, log, segments. Until the grace time after the deletion is over, late
 * writers may still leave something, so the set's item stays and another purge has to follow.
 * @returns whether nothing is left and nothing can come
 * @throws Error the set isn't deleted
 */
export async function purge(store: Store, projectId: string, setId: string): Promise<boolean> {
  const { database } = store;
  const meta = await readMeta(database, setId);
  if (meta !== undefined && meta.goneAt === undefined) {
    throw new Error(`Face set ${setId} is not deleted.`);
  }
  const partition = setPartition(setId);
  for await (const items of database.pages(partition, ...everySortKey, { attributes: ['pk', 'sk'] })) {
    await database.removeMany(items.filter((item) => item.sk !== metaKey(setId).sk));
    await store.step('purge:faces');
  }
  const segments = await store.segments.list(setId);
  await store.segments.remove(segments.map(({ key }) => key));
  await store.step('purge:segments');
  if (meta?.goneAt !== undefined && meta.goneAt > store.now() - store.limits.graceMs) return false;
  await database.removeMany([metaKey(setId)]);
  await store.step('purge:item');
  await emptyTrash(database, projectId, setId);
  return true;
}
