import { FrsError } from '@openfrs/contract';
import type { FaceSet } from '@openfrs/core';
import { createSets } from '../protocol/sets.ts';
import { type Chore, openStore, type Store, type StoreOptions } from '../context.ts';
import { type Compaction, type CompactOptions, compact } from './compact.ts';
import { type Diagnosis, examine } from './verify-set.ts';
import { type Leftovers, leftoversIn } from './orphan-vectors.ts';
import { purge } from './purge.ts';
import { type Remains, remainsOf, type Traces, tracesOf } from './erasure-audit.ts';
import { type SweepReport, sweep } from './sweep.ts';

/** The work behind the face sets; every part may be repeated and may run anywhere, at any time, more than once. */
export interface Upkeep {
  /** Does what a write asked for (`StoreOptions.onChore`). A purge answers false where it has to be repeated after the grace time. */
  run(chore: Chore): Promise<boolean>;
  /** @throws FrsError FRS.0302 */
  compact(projectId: string, name: string, options?: CompactOptions): Promise<Compaction>;
  /** Everything that is due, in all sets. */
  sweep(): Promise<SweepReport>;
  /** @throws FrsError FRS.0302 */
  doctor(projectId: string, name: string, options: { readonly repair: boolean }): Promise<Diagnosis>;
  /** What is still stored of a set, deleted or not, by its id. */
  remains(setId: string): Promise<Remains>;
  /** Vectors that belong to no face, in all stores. */
  leftovers(): Promise<Leftovers>;
  /** Where a face's vector may still be found, deleted or not. @throws FrsError FRS.0302 */
  traces(projectId: string, name: string, faceId: string): Promise<Traces>;
}

export function createUpkeep(options: StoreOptions): Upkeep {
  const store: Store = openStore(options);
  const sets = createSets(store);
  const diagnose = async (set: FaceSet, repair: boolean) => {
    const diagnosis = await examine(store, set, repair);
    if (diagnosis === undefined) throw new FrsError('FRS.0302');
    return diagnosis;
  };
  return {
    async run(chore) {
      if (chore.kind === 'purge') return purge(store, chore.projectId, chore.setId);
      try {
        const set = await sets.get(chore.projectId, chore.name);
        if (set.id === chore.setId) await compact(store, set, chore.lost ? { lost: chore.lost } : {});
      } catch (error) {
        // Removed since: its purge does the rest.
        if (!(error instanceof FrsError && error.code === 'FRS.0302')) throw error;
      }
      return true;
    },
    compact: async (projectId, name, how) => compact(store, await sets.get(projectId, name), how),
    sweep: () => sweep(store),
    doctor: async (projectId, name, { repair }) => diagnose(await sets.get(projectId, name), repair),
    remains: (setId) => remainsOf(store, setId),
    leftovers: () => leftoversIn(store),
    traces: async (projectId, name, faceId) => tracesOf(store, await sets.get(projectId, name), faceId),
  };
}
