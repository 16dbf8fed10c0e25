import type { FaceRecords } from '@openfrs/core';
import { createKeyedSemaphore } from '../dynamodb/concurrency.ts';
import { openRecords, type RecordContext, type RecordOptions } from './context.ts';
import { addFaces } from './protocol/add.ts';
import { updateFace } from './protocol/change.ts';
import { addIdempotently } from './protocol/idempotent-add.ts';
import { pageOfFaces } from './protocol/page.ts';
import { requestCompaction } from './protocol/request-maintenance.ts';
import { createSets, type Sets } from './protocol/sets.ts';
import { faceIdsOf, requireFace, storedFace, storedFaces } from './protocol/visibility.ts';

/** A set's item carries an entry for each write in flight: few at once are faster than many. */
const writersOfASet = 16;

/** The turns of those who write to a set, by its id. */
export type WriteTurns = ReturnType<typeof createKeyedSemaphore>;

export const createWriteTurns = (): WriteTurns => createKeyedSemaphore(writersOfASet);

/** Core's records of face sets over DynamoDB: for a process that searches nothing. */
export function createFaceRecords(options: RecordOptions): FaceRecords {
  const store = openRecords(options);
  return faceRecords(store, createSets(store), createWriteTurns());
}

export function faceRecords(store: RecordContext, sets: Sets, writing: WriteTurns): FaceRecords {
  return {
    keepsCrops: store.crops !== undefined,
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
  };
}
