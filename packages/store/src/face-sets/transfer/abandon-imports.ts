import type { FaceSet } from '@openfrs/core';
import { livingMeta } from '../protocol/visibility.ts';
import { parallel } from '../../dynamodb/concurrency.ts';
import { buryFace, isDead, recordsBetween } from '../records/faces.ts';
import { importKey } from '../records/keys.ts';
import { endOperation } from '../records/manifest.ts';
import type { Store } from '../context.ts';
import { stopRuns } from './import-lease.ts';

const width = 32;

/**
 * Gives up the imports to a set that were begun and not finished: what they wrote is removed, their places are free again.
 * @returns how many
 * @throws FrsError FRS.0302
 */
export async function abandonImports(store: Store, set: FaceSet): Promise<number> {
  const meta = await livingMeta(store, set.id);
  let count = 0;
  for (const [op, entry] of meta.inflight) {
    if (entry.kind !== 'import') continue;
    await stopRuns(store, set.id, op);
    for await (const page of recordsBetween(
      store.database,
      set.id,
      entry.from,
      entry.from + entry.count,
      {},
    )) {
      await parallel(page, width, async (face) => {
        if (!isDead(face)) await buryFace(store.database, set.id, face, op, store.now());
      });
    }
    await store.database.removeMany([importKey(set.id, op)]);
    await endOperation(store.database, set.id, op, entry.faces);
    count += 1;
  }
  return count;
}
