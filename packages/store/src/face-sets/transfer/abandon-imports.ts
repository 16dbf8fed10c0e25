import type { FaceSet } from '@openfrs/core';
import { mapConcurrent } from '../../dynamodb/concurrency.ts';
import type { StoreContext } from '../context.ts';
import { requireManifest } from '../protocol/visibility.ts';
import { isTombstone, recordsBetween, tombstoneFace } from '../records/faces.ts';
import { importKey, importSkipKey } from '../records/keys.ts';
import { endOperation } from '../records/manifest.ts';
import { revokeLeases } from './import-lease.ts';

/** Faces removed at once. */
const removeConcurrency = 32;

/**
 * Aborts the unfinished imports to a set: what they wrote is removed, their places are free again.
 * @returns how many
 * @throws FrsError FRS.0302
 */
export async function abandonImports(store: StoreContext, set: FaceSet): Promise<number> {
  const manifest = await requireManifest(store, set.id);
  let count = 0;
  for (const [op, entry] of manifest.inFlight) {
    if (entry.kind !== 'import') continue;
    await revokeLeases(store, set.id, op);
    for await (const page of recordsBetween(store.table, set.id, entry.from, entry.from + entry.count, {})) {
      await mapConcurrent(page, removeConcurrency, async (face) => {
        if (!isTombstone(face)) await tombstoneFace(store.table, set.id, face, op, store.now());
      });
    }
    await store.table.removeMany([importKey(set.id, op), importSkipKey(set.id, op, entry.at)]);
    await endOperation(store.table, set.id, op, entry.faces);
    count += 1;
  }
  return count;
}
