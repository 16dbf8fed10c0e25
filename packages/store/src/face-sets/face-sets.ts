import type { FaceSet, FaceSets } from '@openfrs/core';
import { createKeyedSemaphore } from '../dynamodb/concurrency.ts';
import { openStore, type StoreOptions } from './context.ts';
import { createIndexCache } from './index/index-cache.ts';
import { removeMatching } from './index/remove-matching.ts';
import { prefetchIndex, searchByName, searchFaces, searchMany } from './index/search.ts';
import { addFaces } from './protocol/add.ts';
import { updateFace } from './protocol/change.ts';
import { readCrops } from './protocol/crops.ts';
import { addIdempotently } from './protocol/idempotent-add.ts';
import { pageOfFaces } from './protocol/page.ts';
import { requestCompaction } from './protocol/request-maintenance.ts';
import { createSets } from './protocol/sets.ts';
import { faceIdsOf, requireFace, storedFace, storedFaces } from './protocol/visibility.ts';

/** A set's item carries an entry for each write in flight: few at once are faster than many. */
const writersOfASet = 16;

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
  const writing = createKeyedSemaphore(writersOfASet);
  const sets = createSets(store, cache.evict);
  return {
    create: sets.create,
    list: sets.list,
    get: sets.get,
    remove: sets.remove,
    async add(set, faces, { once } = {}) {
      if (once !== undefined) return writing(set.id, () => addIdempotently(store, set, faces, once));
      const { from, manifest } = await writing(set.id, () => addFaces(store, set, faces));
      await requestCompaction(store, set, manifest, faces.length);
      return storedFaces(store, manifest, from, faces);
    },
    page: (set, offset, limit) => pageOfFaces(store, set, offset, limit),
    async find(set, faceId) {
      const { manifest, face } = await requireFace(store, set, faceId);
      return storedFace(faceIdsOf(store, manifest), face);
    },
    async update(set, faceId, change) {
      await writing(set.id, () => updateFace(store, set, faceId, change));
    },
    removeMatching: (set, filter) => writing(set.id, () => removeMatching(store, cache, set, filter)),
    search: (set, query) => searchFaces(store, cache, set, query),
    searchMany: (set, query) => searchMany(store, cache, set, query),
    prepare: (set) => prefetchIndex(cache, sets, set),
    searchNamed: (projectId, name, query) => searchByName(store, cache, sets, { projectId, name }, query),
    whenIdle: () => cache.whenIdle(),
    inMemory: () => cache.inMemory(),
    bytesInMemory: () => cache.bytesInMemory(),
    keepsCrops: options.crops !== undefined,
    crops: (set, faceIds) => readCrops(store, set, faceIds),
  };
}
