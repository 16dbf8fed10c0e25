import type { FieldValues, Filter } from '@openfrs/contract';
import type { FaceSet, FaceSets, NewFace, SearchHit, StoredFace } from '@openfrs/core';
import { cosine } from '@openfrs/search';
import { expect } from 'vitest';
import { matches } from '../src/face-sets/records/filter-match.ts';
import { face, vector } from './faces.ts';

/** What a set should hold, in the order of adding; the seed stands for the vector. */
export interface ModelFace extends StoredFace {
  readonly seed: number;
}

export const newFaces = (seed: number, count: number): (NewFace & { seed: number })[] =>
  Array.from({ length: count }, (_, i) => ({
    ...face(seed + i, { fields: { age: (seed + i) % 20 }, externalImageId: `person${(seed + i) % 4}` }),
    seed: seed + i,
  }));

export const older = (age: number): Filter => ({
  kind: 'range',
  field: 'age',
  low: { value: age, inclusive: true },
  high: undefined,
});

export const without = (faces: readonly ModelFace[], filter: Filter) =>
  faces.filter((entry) => !matches(filter, entry));

export const changed = (
  faces: readonly ModelFace[],
  faceId: string,
  change: { readonly externalImageId?: string; readonly fields?: FieldValues },
): ModelFace[] =>
  faces.map((entry) =>
    entry.faceId === faceId ? { ...entry, ...change, fields: { ...entry.fields, ...change.fields } } : entry,
  );

/** A face as it is listed. */
export function listed({ faceId, box, externalImageId, fields }: StoredFace): StoredFace {
  return { faceId, box, externalImageId, fields };
}

/** Compares everything a set shows with what it should hold: number, list, search by brute force, filtered search, ids. */
export async function expectHolds(
  faceSets: FaceSets,
  set: FaceSet,
  faces: readonly ModelFace[],
  probeSeed: number,
): Promise<void> {
  const probe = { vector: vector(probeSeed) };
  const query = { probe, topN: 7, minCosine: -0.2 };
  const { set: found, hits: atOnce } = await faceSets.searchNamed(set.projectId, set.name, () => query);
  expectSameHits(atOnce, bruteForce(faces, probe.vector, -0.2, undefined).slice(0, 7));
  expect(found.faceNumber).toBe(faces.length);
  expect(await faceSets.page(set, 0, 10_000)).toEqual(faces.map(listed));
  for (const filter of [undefined, older(7)]) {
    const hits = await faceSets.search(set, { ...query, ...(filter === undefined ? {} : { filter }) });
    expectSameHits(hits, bruteForce(faces, probe.vector, -0.2, filter).slice(0, 7));
  }
  const last = faces.at(-1);
  if (last !== undefined) expect(await faceSets.find(set, last.faceId)).toEqual(listed(last));
}

function bruteForce(
  faces: readonly ModelFace[],
  probe: Float32Array,
  minCosine: number,
  filter: Filter | undefined,
): SearchHit[] {
  return faces
    .filter((entry) => filter === undefined || matches(filter, entry))
    .map((entry) => ({ ...listed(entry), cosine: cosine(vector(entry.seed), probe) }))
    .filter((hit) => hit.cosine >= minCosine)
    .sort((a, b) => b.cosine - a.cosine);
}

function expectSameHits(hits: readonly SearchHit[], expected: readonly SearchHit[]): void {
  expect(hits.map((hit) => listed(hit))).toEqual(expected.map((hit) => listed(hit)));
  for (const [i, hit] of hits.entries()) expect(hit.cosine).toBeCloseTo(expected[i]?.cosine ?? Number.NaN, 9);
}
