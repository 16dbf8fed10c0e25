import { FrsError } from '@openfrs/contract';
import type { FaceSet } from '@openfrs/core';
import { type MaintenanceTask, openStore, type StoreOptions } from '../context.ts';
import { createSets } from '../protocol/sets.ts';
import { type Compaction, type CompactOptions, compact } from './compact.ts';
import {
  countStoredItems,
  findOrphanVectors,
  locateVector,
  type OrphanVectors,
  type StoredItems,
  type VectorLocations,
} from './erasure-audit.ts';
import { purge } from './purge.ts';
import { removeCrops } from './remove-crops.ts';
import { type SweepReport, sweep } from './sweep.ts';
import { type SetReport, verifySet } from './verify-set.ts';

/** Maintenance of the face sets; every part may be repeated and may run anywhere, at any time, more than once. */
export interface Maintenance {
  /** Does what a write asked for (`StoreOptions.onTask`). A purge answers false where it has to be repeated after the grace time. */
  run(task: MaintenanceTask): Promise<boolean>;
  /** @throws FrsError FRS.0302 */
  compact(projectId: string, name: string, options?: CompactOptions): Promise<Compaction>;
  /** Everything that is due, in all sets. */
  sweep(): Promise<SweepReport>;
  /** @throws FrsError FRS.0302 */
  verifySet(projectId: string, name: string, options: { readonly repair: boolean }): Promise<SetReport>;
  /** Takes the crops of all faces away, the faces stay; answers how many there were. */
  removeCrops(): Promise<number>;
  /** What is still stored of a set, deleted or not, by its id. */
  countStoredItems(setId: string): Promise<StoredItems>;
  /** Vectors that belong to no face, in all stores. */
  findOrphanVectors(): Promise<OrphanVectors>;
  /** Where a face's vector may still be found, deleted or not. @throws FrsError FRS.0302 */
  locateVector(projectId: string, name: string, faceId: string): Promise<VectorLocations>;
}

/** Maintenance of the sets in the stores of `options`; it keeps no index, and holds nothing open. */
export function createMaintenance(options: StoreOptions): Maintenance {
  const store = openStore(options);
  const sets = createSets(store);
  const verify = async (set: FaceSet, repair: boolean) => {
    const report = await verifySet(store, set, repair);
    if (report === undefined) throw new FrsError('FRS.0302');
    return report;
  };
  return {
    async run(task) {
      if (task.kind === 'purge') return purge(store, task.projectId, task.setId);
      try {
        const set = await sets.get(task.projectId, task.name);
        if (set.id === task.setId) await compact(store, set, task.lost ? { lost: task.lost } : {});
      } catch (error) {
        // Removed since: its purge does the rest.
        if (!(error instanceof FrsError && error.code === 'FRS.0302')) throw error;
      }
      return true;
    },
    compact: async (projectId, name, how) => compact(store, await sets.get(projectId, name), how),
    sweep: () => sweep(store),
    verifySet: async (projectId, name, { repair }) => verify(await sets.get(projectId, name), repair),
    removeCrops: () => removeCrops(store),
    countStoredItems: (setId) => countStoredItems(store, setId),
    findOrphanVectors: () => findOrphanVectors(store),
    locateVector: async (projectId, name, faceId) =>
      locateVector(store, await sets.get(projectId, name), faceId),
  };
}
