import { FrsError } from '@openfrs/contract';
import type { BatchQuery, FaceSet, FaceSetSpec, SearchHit, SearchQuery } from '@openfrs/core';
import type { FaceIndex, Hit, VectorReader } from '@openfrs/search';
import type { StoreContext } from '../context.ts';
import type { FaceSetIdentity, Sets } from '../protocol/sets.ts';
import { faceIdsOf } from '../protocol/visibility.ts';
import { type FaceWithVector, readFacesWithVectors } from '../records/faces.ts';
import { matches } from '../records/filter-match.ts';
import type { ManifestSnapshot } from '../records/snapshot.ts';
import type { IndexCache } from './index-cache.ts';
import type { LoadedIndex } from './loaded-index.ts';
import type { LaterPart } from './speculation.ts';

/**
 * Most similar first; ties by order of adding, but the face that is searched with comes before all others.
 * @throws FrsError FRS.0302 no such set, FRS.0403 no such face as the probe
 */
export function searchFaces(
  store: StoreContext,
  cache: IndexCache,
  set: FaceSet,
  query: SearchQuery,
): Promise<SearchHit[]> {
  return cache.use(set, partsFor(query), searchOf(store, set, query));
}

/** As `searchFaces`, of several vectors in one pass over the rows. */
export function searchMany(
  store: StoreContext,
  cache: IndexCache,
  set: FaceSet,
  query: BatchQuery,
): Promise<SearchHit[][]> {
  return cache.use(set, partsFor(query), async (loaded) => {
    const records = recordsOf(store, set, loaded.index);
    return await searchVectors(loaded, records, query, query.vectors);
  });
}

/** Begins to load a set that isn't in memory, as of its last snapshot. */
export function prefetchIndex(
  cache: IndexCache,
  sets: Pick<Sets, 'lastSnapshot'>,
  set: FaceSetIdentity,
): void {
  const snapshot = sets.lastSnapshot(set);
  if (snapshot !== undefined) cache.prefetch(set, snapshot);
}

/**
 * `searchFaces` of a set that is being looked up: the index of the set that last had the name is searched or loaded meanwhile. The
 * lookup's snapshot is what the search is as of.
 * @throws FrsError as `searchFaces`, and what `query` throws
 */
export async function searchByName(
  store: StoreContext,
  cache: IndexCache,
  sets: Pick<Sets, 'find' | 'lastSnapshot'>,
  { projectId, name }: { readonly projectId: string; readonly name: string },
  queryOf: (set: FaceSetSpec) => SearchQuery,
): Promise<{ readonly set: FaceSet; readonly hits: SearchHit[] }> {
  const { known, found } = sets.find(projectId, name);
  if (known) prefetchIndex(cache, sets, known);
  const early = known && ignoreErrors(() => queryOf(known));
  const speculation = early && cache.speculate(known.id, partsFor(early), searchOf(store, known, early));
  const { set, snapshot } = await found;
  const isKnown = set.id === known?.id;
  const query = (isKnown ? early : undefined) ?? queryOf(set);
  const records = cache.has(set.id) ? undefined : readProbe(store, set, query, snapshot);
  const search = searchOf(store, set, query, records);
  const hits = await cache.use(set, partsFor(query), search, snapshot, isKnown ? speculation : undefined);
  return { set, hits };
}

/** What `work` throws is thrown again once the set is found. */
function ignoreErrors<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

/** @param known records that are being read already */
function searchOf(
  store: StoreContext,
  set: FaceSetIdentity,
  query: SearchQuery,
  known?: Promise<FaceWithVector[]>,
): (loaded: LoadedIndex) => Promise<SearchHit[]> {
  const { probe, groupBy } = query;
  return async (loaded) => {
    const records = recordsOf(store, set, loaded.index, await known);
    if (!('faceId' in probe)) return first(await searchVectors(loaded, records, query, [probe.vector]));
    const own = await vectorOf(loaded, records, probe.faceId);
    const self = groupBy === undefined ? loaded.ids.numberOf(probe.faceId) : undefined;
    return first(await searchVectors(loaded, records, query, [probe.toProbe?.(own) ?? own], self));
  };
}

const first = <T>([hits = []]: readonly T[][]): T[] => hits;

/** @param self the face that each vector is of, where it comes first */
async function searchVectors(
  { index, ids }: LoadedIndex,
  records: Records,
  { topN, minCosine, filter, groupBy, weightOf, signal }: Omit<SearchQuery, 'probe'>,
  vectors: readonly Float32Array[],
  self?: number,
): Promise<SearchHit[][]> {
  const request = {
    ...{ vectors, topN, minCosine, read: records.read },
    ...(filter === undefined ? {} : { filter }),
    ...(groupBy === undefined ? {} : { groupBy }),
    ...(weightOf === undefined ? {} : { weightOf }),
    ...(signal === undefined ? {} : { signal }),
  };
  const rowOf = (number: number) => records.known(number) ?? index.row(number);
  const passes = (number: number) => {
    const row = rowOf(number);
    return (
      row !== undefined && (filter === undefined || matches(filter, { ...row, faceId: ids.idOf(number) }))
    );
  };
  for (;;) {
    const { removed } = records;
    const found = await index.searchMany(request);
    // What a deleted face had pushed aside is found without it.
    if (records.removed > removed) continue;
    return found.map((hits) =>
      withProbeFirst(hits, self, topN, passes).flatMap(({ number, cosine }) => {
        const row = rowOf(number);
        // A face that was deleted while the search ran is left out.
        if (row === undefined) return [];
        const { box, externalImageId, fields } = row;
        return [{ faceId: ids.idOf(number), box, externalImageId, fields, cosine }];
      }),
    );
  }
}

/**
 * The face that is searched with comes first, with a cosine of 1: before others of the same vector, and also where its vector has
 * less than the asked in common with itself. @param number undefined where no face is searched with, or persons are
 */
function withProbeFirst(
  hits: readonly Hit[],
  number: number | undefined,
  topN: number,
  passes: (number: number) => boolean,
): readonly Hit[] {
  if (number === undefined) return hits;
  const others = hits.filter((hit) => hit.number !== number);
  if (others.length === hits.length && !passes(number)) return hits;
  return [{ number, cosine: 1 }, ...others].slice(0, topN);
}

/** What the segments' codes alone can't answer. */
function partsFor({ filter, groupBy }: Pick<SearchQuery, 'filter' | 'groupBy'>): readonly LaterPart[] {
  if (groupBy !== undefined) return ['columns', 'vectors'];
  return filter === undefined ? [] : ['columns'];
}

/** The records of faces whose vectors, and so maybe columns, aren't in memory. */
interface Records {
  readonly read: VectorReader;
  known(number: number): FaceWithVector | undefined;
  /** Faces in the index that turned out to be deleted. */
  readonly removed: number;
}

/** Reads each record once. A deleted face is taken out of the index: its number is never used again. */
function recordsOf(
  store: StoreContext,
  set: FaceSetIdentity,
  index: FaceIndex,
  known: readonly FaceWithVector[] = [],
): Records {
  const found = new Map(known.map((face) => [face.number, face]));
  let removed = 0;
  return {
    async read(numbers) {
      const wanted = numbers.filter((number) => !found.has(number));
      const faces = await readFacesWithVectors(store.table, set.id, wanted, set.fields);
      for (const face of faces) found.set(face.number, face);
      for (const number of wanted) {
        if (found.has(number)) continue;
        index.remove(number);
        removed += 1;
      }
      return numbers.map((number) => found.get(number)?.vector);
    },
    known: (number) => found.get(number),
    get removed() {
      return removed;
    },
  };
}

/** The probe's record, where the set must be loaded first: both at a time. It counts only if the index has the face, too. */
async function readProbe(
  store: StoreContext,
  set: FaceSet,
  { probe }: SearchQuery,
  snapshot: ManifestSnapshot,
): Promise<FaceWithVector[]> {
  if (!('faceId' in probe)) return [];
  const number = faceIdsOf(store, snapshot.manifest).numberOf(probe.faceId);
  if (number === undefined) return [];
  // A failure repeats where the record is needed.
  return readFacesWithVectors(store.table, set.id, [number], set.fields).catch(() => []);
}

async function vectorOf(
  { index, ids }: LoadedIndex,
  { read }: Records,
  faceId: string,
): Promise<Float32Array> {
  const number = ids.numberOf(faceId);
  if (number === undefined || !index.has(number)) throw new FrsError('FRS.0403');
  const vector = index.vector(number) ?? (await read([number]))[0];
  if (vector === undefined) throw new FrsError('FRS.0403');
  return vector;
}
