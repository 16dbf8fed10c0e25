import type { FaceSet } from '@openfrs/core';
import { listProjects, readDirectory } from '../records/directory.ts';
import { numberOf, setPartition } from '../records/keys.ts';
import { setIdOf } from '../segments/segment-objects.ts';
import type { Store } from '../context.ts';
import { numbersIn } from './erasure-audit.ts';

/** Vectors that belong to no face: none are left when a purge has run after the grace time. */
export interface Leftovers {
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
 * Reads the whole table and every segment for vectors that should be nowhere. Meant for an operator, not for every
 * day: it reads all there is. Faces that are added while it reads are not taken for leftovers.
 */
export async function leftoversIn(store: Store): Promise<Leftovers> {
  // Segments first: what they hold had its record before.
  const segments = await store.segments.list();
  const living = await livingSets(store);
  const faces = new Map<string, Set<number>>();
  let recordsOfDeletedSets = 0;
  for await (const keys of store.database.keysWith('v')) {
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

async function livingSets(store: Store): Promise<Map<string, FaceSet>> {
  const living = new Map<string, FaceSet>();
  for (const projectId of await listProjects(store.database)) {
    const directory = await readDirectory(store.database, projectId);
    for (const entry of directory?.sets.values() ?? []) {
      living.set(entry.id, { ...entry, projectId, faceNumber: 0 });
    }
  }
  return living;
}
