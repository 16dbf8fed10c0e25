import type { FaceSet } from '@openfrs/core';
import { createIndex, openSegment, readSegmentPlan, segmentHeaderBytes, segmentParts } from '@openfrs/search';
import type { StoreContext } from '../context.ts';
import { faceIdsOf, requireManifest } from '../protocol/visibility.ts';
import { listProjects, readDirectory } from '../records/directory.ts';
import { readVector } from '../records/faces.ts';
import { everySortKey, numberOf, setPartition } from '../records/keys.ts';
import { setIdOf } from '../segments/segment-objects.ts';

/** What is still stored of a set. */
export interface StoredItems {
  /** Items of any kind in the table. */
  readonly records: number;
  /** Those of them with a vector. */
  readonly vectors: number;
  /** Objects in the bucket. */
  readonly segments: number;
}

/** Counts all that is stored of a set, deleted or not. */
export async function countStoredItems(store: StoreContext, setId: string): Promise<StoredItems> {
  let records = 0;
  let vectors = 0;
  for await (const items of store.table.pages(setPartition(setId), ...everySortKey)) {
    records += items.length;
    vectors += items.filter((item) => item.v !== undefined).length;
  }
  return { records, vectors, segments: (await store.segments.list(setId)).length };
}

/** Where a face's vector may still be found. */
export interface VectorLocations {
  /** In its record. */
  readonly record: boolean;
  /** Segments that hold it, those included that wait for their removal. */
  readonly segments: number;
}

/** Looks for the vector of a face, deleted or not, in its record and in every segment of its set. */
export async function locateVector(
  store: StoreContext,
  set: FaceSet,
  faceId: string,
): Promise<VectorLocations> {
  const manifest = await requireManifest(store, set.id);
  const number = faceIdsOf(store, manifest).numberOf(faceId);
  if (number === undefined) return { record: false, segments: 0 };
  let segments = 0;
  for (const { key } of await store.segments.list(set.id)) {
    if ((await numbersIn(store, set, key)).has(number)) segments += 1;
  }
  return { record: (await readVector(store.table, set.id, number)) !== undefined, segments };
}

/** The faces whose vectors a segment holds. @throws Error it is damaged or gone */
async function numbersIn(store: StoreContext, set: FaceSet, key: string): Promise<Set<number>> {
  const pieces: Uint8Array[] = [];
  for await (const piece of await store.segments.read(key, 0, Number.MAX_SAFE_INTEGER)) pieces.push(piece);
  const bytes = new Uint8Array(Buffer.concat(pieces));
  const segment = openSegment(readSegmentPlan(bytes.subarray(0, segmentHeaderBytes)));
  segment.write(0, bytes);
  for (const part of segmentParts) segment.finish(part);
  const index = createIndex({ dimension: set.dimension, fields: set.fields });
  index.attach(segment);
  return new Set(index.numbers());
}

/** Vectors that belong to no face: none are left when a purge has run after the grace time. */
export interface OrphanVectors {
  /** What was looked at: sets, their faces, and segments. */
  readonly sets: number;
  readonly faces: number;
  readonly segments: number;
  /** Records with a vector, of sets that are deleted. */
  readonly recordsOfDeletedSets: number;
  /** Segments of sets that are deleted. */
  readonly segmentsOfDeletedSets: number;
  /** Vectors in segments, of faces that are deleted, or never came to be. */
  readonly deletedFacesInSegments: number;
}

/**
 * Reads the whole table and every segment for vectors of deleted sets and faces (GDPR, article 17). An audit for an operator, as it
 * reads all there is. Faces that are added while it reads are not taken for orphans.
 */
export async function findOrphanVectors(store: StoreContext): Promise<OrphanVectors> {
  // Segments first: what they hold had its record before.
  const segments = await store.segments.list();
  const living = await livingSets(store);
  const faces = new Map<string, Set<number>>();
  let recordsOfDeletedSets = 0;
  for await (const keys of store.table.keysWith('v')) {
    for (const { pk, sk } of keys) {
      const setId = pk.slice(setPartition('').length);
      if (!living.has(setId)) {
        recordsOfDeletedSets += 1;
        continue;
      }
      const numbers = faces.get(setId) ?? new Set();
      faces.set(setId, numbers.add(numberOf(sk)));
    }
  }
  let [segmentsOfDeletedSets, deletedFacesInSegments] = [0, 0];
  for (const { key } of segments) {
    const set = living.get(setIdOf(key));
    if (set === undefined) {
      segmentsOfDeletedSets += 1;
      continue;
    }
    const known = faces.get(set.id);
    for (const number of await numbersIn(store, set, key)) {
      if (known?.has(number) !== true) deletedFacesInSegments += 1;
    }
  }
  return {
    sets: living.size,
    faces: [...faces.values()].reduce((sum, numbers) => sum + numbers.size, 0),
    segments: segments.length,
    recordsOfDeletedSets,
    segmentsOfDeletedSets,
    deletedFacesInSegments,
  };
}

async function livingSets(store: StoreContext): Promise<Map<string, FaceSet>> {
  const living = new Map<string, FaceSet>();
  for (const projectId of await listProjects(store.table)) {
    const directory = await readDirectory(store.table, projectId);
    for (const entry of directory?.sets.values() ?? []) {
      living.set(entry.id, { ...entry, projectId, faceNumber: 0 });
    }
  }
  return living;
}
