import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { S3Client } from '@aws-sdk/client-s3';
import type { FaceSet, FaceSets } from '@openfrs/core';
import { createCache } from '../memory/cache.ts';
import { openDatabase } from '../records/database.ts';
import { createGates } from '../records/gate.ts';
import { segmentObjects } from '../segments/objects.ts';
import { type Chore, defaultLimits, type Limits, type StepName, type Store } from '../store.ts';
import { addFaces } from './add.ts';
import { addOnce } from './add-once.ts';
import { updateFace } from './change.ts';
import { askForCompaction } from './chores.ts';
import { pageOfFaces } from './page.ts';
import { removeMatching } from './remove-matching.ts';
import { prepareSearch, searchFaces, searchNamed } from './search.ts';
import { createSets } from './sets.ts';
import { idsOf, storedFace, storedFaces, visibleFace } from './visible.ts';

export interface StoreOptions {
  readonly dynamodb: DynamoDBClient;
  readonly s3: S3Client;
  /** The data table's name. */
  readonly table: string;
  /** The bucket of the segments. */
  readonly bucket: string;
  readonly limits?: Partial<Limits>;
  /** Told what may need doing behind a write. */
  readonly onChore?: (chore: Chore) => void | Promise<void>;
  /** Told of faults that were got over; `console.warn` by default. */
  readonly onWarning?: (message: string, error: unknown) => void;
  readonly now?: () => number;
  /** Called between the steps of writes, by tests of faults. */
  readonly step?: (name: StepName) => void | Promise<void>;
}

/** Opens the store of face sets; nothing is read or written yet. */
export function openStore(options: StoreOptions): Store {
  const { dynamodb, s3, table, bucket, limits, onChore, onWarning, now, step } = options;
  return {
    database: openDatabase(dynamodb, table),
    segments: segmentObjects(s3, bucket),
    now: now ?? Date.now,
    step: step ?? (() => undefined),
    chore: onChore ?? (() => undefined),
    warn: onWarning ?? console.warn,
    limits: { ...defaultLimits, ...limits },
  };
}

/** A set's item carries an entry for each write in flight: few at once are faster than many. */
const writersOfASet = 16;

/** Face sets, and what goes on behind their searches. */
export interface StoredFaceSets extends FaceSets {
  /** Resolves when nothing is being read in the background: the sets searched so far are as warm as they get. */
  settled(): Promise<void>;
  /** The sets in memory, least recently used first. */
  inMemory(): readonly Pick<FaceSet, 'projectId' | 'name'>[];
}

/** Core's face sets over DynamoDB and S3. */
export function createFaceSets(options: StoreOptions): StoredFaceSets {
  const store = openStore(options);
  const cache = createCache(store);
  const writing = createGates(writersOfASet);
  const sets = createSets(store, cache.forget);
  return {
    create: sets.create,
    list: sets.list,
    get: sets.get,
    remove: sets.remove,
    async add(set, faces, { once } = {}) {
      if (once !== undefined) return writing(set.id, () => addOnce(store, set, faces, once));
      const { from, meta } = await writing(set.id, () => addFaces(store, set, faces));
      await askForCompaction(store, set, meta, faces.length);
      return storedFaces(meta, from, faces);
    },
    page: (set, offset, limit) => pageOfFaces(store, set, offset, limit),
    async find(set, faceId) {
      const { meta, face } = await visibleFace(store, set, faceId);
      return storedFace(idsOf(meta), face);
    },
    async update(set, faceId, change) {
      await writing(set.id, () => updateFace(store, set, faceId, change));
    },
    removeMatching: (set, filter) => writing(set.id, () => removeMatching(store, cache, set, filter)),
    search: (set, query) => searchFaces(store, cache, set, query),
    prepare: (set) => prepareSearch(cache, sets, set),
    searchNamed: (projectId, name, query) => searchNamed(store, cache, sets, { projectId, name }, query),
    settled: () => cache.settled(),
    inMemory: () => cache.inMemory(),
  };
}
