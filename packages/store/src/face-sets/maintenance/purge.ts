import type { StoreContext } from '../context.ts';
import { emptyTrash } from '../records/directory.ts';
import { everySortKey, manifestKey, setPartition } from '../records/keys.ts';
import { readManifest } from '../records/manifest.ts';

/**
 * Removes what is left of a deleted set: records, change log, segments. Until the grace time after the deletion is over, late
 * writers may still leave something, so the manifest stays and another purge has to follow.
 * @returns whether nothing is left and nothing can come
 * @throws Error the set isn't deleted
 */
export async function purge(store: StoreContext, projectId: string, setId: string): Promise<boolean> {
  const { table } = store;
  const manifest = await readManifest(table, setId);
  if (manifest !== undefined && manifest.goneAt === undefined) {
    throw new Error(`Face set ${setId} is not deleted.`);
  }
  const partition = setPartition(setId);
  for await (const items of table.pages(partition, ...everySortKey, { attributes: ['pk', 'sk'] })) {
    await table.removeMany(items.filter((item) => item.sk !== manifestKey(setId).sk));
    await store.failpoint('purge:faces');
  }
  const segments = await store.segments.list(setId);
  await store.segments.remove(segments.map(({ key }) => key));
  await store.failpoint('purge:segments');
  if (manifest?.goneAt !== undefined && manifest.goneAt > store.now() - store.limits.graceMs) return false;
  await table.removeMany([manifestKey(setId)]);
  await store.failpoint('purge:item');
  await emptyTrash(table, projectId, setId);
  return true;
}
