import type { FaceSet, FaceSets } from '@openfrs/core';
import { openStore, type StoreOptions } from './context.ts';
import { createWriteTurns, faceRecords } from './face-records.ts';
import { createIndexCache } from './index/index-cache.ts';
import { removeMatching } from './index/remove-matching.ts';
import { prefetchIndex, searchByName, searchFaces, searchMany } from './index/search.ts';
import { readCrops } from './protocol/crops.ts';
import { createSets } from './protocol/sets.ts';

/** Face sets, and what goes on behind their searches. */
export interface StoredFaceSets extends FaceSets {
  /** Resolves when nothing is being read in the background: the sets searched so far are as warm as they get. */
  whenIdle(): Promise<void>;
  /** The sets in memory, least recently used first. */
  inMemory(): readonly Pick<FaceSet, 'projectId' | 'name'>[];
  /** Of their indexes, in memory. */
  bytesInMemory(): number;
  /** Crops of faces (JPEG), by face id; none where none is kept. @throws FrsError FRS.0302 */
  crops(set: FaceSet, faceIds: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>>;
}

/** Core's face sets over DynamoDB and S3. */
export function createFaceSets(options: StoreOptions): StoredFaceSets {
  const store = openStore(options);
  const cache = createIndexCache(store);
  const writing = createWriteTurns();
  const sets = createSets(store, cache.evict);
  return {
    ...faceRecords(store, sets, writing),
    removeMatching: (set, filter) => writing(set.id, () => removeMatching(store, cache, set, filter)),
    search: (set, query) => searchFaces(store, cache, set, query),
    searchMany: (set, query) => searchMany(store, cache, set, query),
    prepare: (set) => prefetchIndex(cache, sets, set),
    searchNamed: (projectId, name, query) => searchByName(store, cache, sets, { projectId, name }, query),
    whenIdle: () => cache.whenIdle(),
    inMemory: () => cache.inMemory(),
    bytesInMemory: () => cache.bytesInMemory(),
    crops: (set, faceIds) => readCrops(store, set, faceIds),
  };
}
