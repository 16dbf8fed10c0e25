import { FrsError } from '@openfrs/contract';
import type { FaceSet, SearchHit, SearchQuery } from '@openfrs/core';
import type { FaceIndex, VectorReader } from '@openfrs/search';
import type { Cache, LaterPart } from '../memory/cache.ts';
import type { SetMemory } from '../memory/sync.ts';
import { type FaceWithVector, readFacesWithVectors } from '../records/faces.ts';
import type { Reading } from '../records/reading.ts';
import type { Store } from '../store.ts';
import { idsOf } from './visible.ts';

/**
 * Most similar first; ties by order of adding.
 * @param reading of the set's item, as of which the search may be
 * @throws FrsError FRS.0302 no such set, FRS.0403 no such face as the probe
 */
export async function searchFaces(
  store: Store,
  cache: Cache,
  set: FaceSet,
  query: SearchQuery,
  reading?: Reading,
): Promise<SearchHit[]> {
  const { probe, topN, minCosine, filter, groupBy } = query;
  const early = cache.holds(set.id) ? undefined : readProbe(store, set, query, reading);
  const search = async (memory: SetMemory) => {
    const { index, ids } = memory;
    const records = recordsOf(store, set, index, await early);
    const vector = 'vector' in probe ? probe.vector : await vectorOf(memory, records, probe.faceId);
    const request = {
      ...{ vector, topN, minCosine, read: records.read },
      ...(filter === undefined ? {} : { filter }),
      ...(groupBy === undefined ? {} : { groupBy }),
    };
    for (;;) {
      const { gone } = records;
      const hits = await index.search(request);
      // What a face that is no more had pushed aside is found without it.
      if (records.gone > gone) continue;
      return hits.flatMap(({ number, cosine }) => {
        const row = records.known(number) ?? index.row(number);
        // A face that was deleted while the search ran is left out.
        if (row === undefined) return [];
        const { box, externalImageId, fields } = row;
        return [{ faceId: ids.idOf(number), box, externalImageId, fields, cosine }];
      });
    }
  };
  return cache.use(set, partsFor(query), search, reading);
}

/** What the segments' codes alone can't answer. */
function partsFor({ filter, groupBy }: SearchQuery): readonly LaterPart[] {
  if (groupBy !== undefined) return ['columns', 'vectors'];
  return filter === undefined ? [] : ['columns'];
}

/** The records of faces whose vectors, and so maybe columns, aren't in memory. */
interface Records {
  readonly read: VectorReader;
  known(number: number): FaceWithVector | undefined;
  /** Faces in the index that turned out to be no more. */
  readonly gone: number;
}

/** Reads each record once. A face that is no more is taken out of the index: its number is never used again. */
function recordsOf(
  store: Store,
  set: FaceSet,
  index: FaceIndex,
  known: readonly FaceWithVector[] = [],
): Records {
  const found = new Map(known.map((face) => [face.number, face]));
  let gone = 0;
  return {
    async read(numbers) {
      const wanted = numbers.filter((number) => !found.has(number));
      const faces = await readFacesWithVectors(store.database, set.id, wanted, set.fields);
      for (const face of faces) found.set(face.number, face);
      for (const number of wanted) {
        if (found.has(number)) continue;
        index.remove(number);
        gone += 1;
      }
      return numbers.map((number) => found.get(number)?.vector);
    },
    known: (number) => found.get(number),
    get gone() {
      return gone;
    },
  };
}

/** The probe's record, where the set must be loaded first: both at a time. It counts only if the index has the face, too. */
async function readProbe(
  store: Store,
  set: FaceSet,
  { probe }: SearchQuery,
  reading: Reading | undefined,
): Promise<FaceWithVector[]> {
  if (!('faceId' in probe) || reading?.meta === undefined) return [];
  const number = idsOf(reading.meta).numberOf(probe.faceId);
  if (number === undefined) return [];
  // A failure is met again where the record is needed.
  return readFacesWithVectors(store.database, set.id, [number], set.fields).catch(() => []);
}

async function vectorOf({ index, ids }: SetMemory, { read }: Records, faceId: string): Promise<Float32Array> {
  const number = ids.numberOf(faceId);
  if (number === undefined || !index.has(number)) throw new FrsError('FRS.0403');
  const vector = index.vector(number) ?? (await read([number]))[0];
  if (vector === undefined) throw new FrsError('FRS.0403');
  return vector;
}
