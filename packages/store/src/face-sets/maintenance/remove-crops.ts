import { mapConcurrent } from '../../dynamodb/concurrency.ts';
import type { StoreContext } from '../context.ts';
import { removeCrop } from '../records/faces.ts';

/** Records changed at once. */
const concurrency = 16;

/**
 * Takes the crops of all faces of all sets out of their records; the faces stay. It reads the whole table, and may be cut off and
 * repeated. Faces that are added meanwhile by a server that keeps crops may have theirs afterwards.
 * @returns how many there were
 */
export async function removeCrops(store: StoreContext): Promise<number> {
  let removed = 0;
  for await (const keys of store.table.keysWith('c')) {
    await mapConcurrent(keys, concurrency, async (key) => {
      if (await removeCrop(store.table, key)) removed += 1;
    });
  }
  return removed;
}
