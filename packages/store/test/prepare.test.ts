import type { FaceSet, FaceSets } from '@openfrs/core';
import { injectFaults } from '@openfrs/testing/faults';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createFaceSets, createMaintenance, type StoreOptions } from '../src/index.ts';
import { reopened, startStores, type TestStores } from './embedded.ts';
import { face, spec } from './faces.ts';
import { newProject } from './specification.ts';

/*
 * A search by photo tells of itself before the picture is read: the set comes into memory meanwhile. What the searching
 * instance asks the stores for stands in `asked`: GetItem is the set's item, Query are faces, GetObject are segments.
 */
const minute = 60_000;
const codes = { tailRows: 1, segmentRows: 64, logChanges: 4 };
let stores: TestStores;
let reader: TestStores;
let writer: FaceSets;
let set: FaceSet;
let asked: string[] = [];
let clock = Date.now();
let where: StoreOptions;
beforeAll(async () => {
  stores = await startStores();
  reader = reopened(stores);
  injectFaults(reader, (command) => {
    asked.push(command.replace('Command', ''));
    return undefined;
  });
  where = { ...reader, table: stores.table, bucket: stores.bucket, now: () => clock };
});
afterAll(async () => {
  reader.destroy();
  await stores.stop();
});
beforeEach(async () => {
  writer = stores.instance();
  set = await writer.create(newProject(), spec('people'), 10);
  await writer.add(set, [face(1), face(2), face(3)]);
});

const compact = () =>
  createMaintenance({ ...where, ...stores, limits: codes }).compact(set.projectId, set.name, { all: true });
const query = { probe: { vector: face(1).vector }, topN: 10, minCosine: -1 };
const instance = () => createFaceSets(where);
const seeds = async (faceSets: FaceSets) =>
  (await faceSets.search(set, query)).map((hit) => hit.box.topLeftX).sort();

async function removeFirst(): Promise<void> {
  const [first] = await writer.page(set, 0, 1);
  await writer.removeMatching(set, { kind: 'equals', field: 'face_id', value: first?.faceId ?? '' });
}

it('has the set in memory when it is searched', async () => {
  const faceSets = instance();
  await faceSets.get(set.projectId, set.name);
  faceSets.prepare(set);
  await faceSets.whenIdle();
  asked = [];
  expect(await seeds(faceSets)).toEqual([1, 2, 3]);
  expect(asked).toEqual(['GetItem']);
});

it('reads a set once that is searched before it is there, and its item beside it', async () => {
  await compact();
  const faceSets = instance();
  await faceSets.get(set.projectId, set.name);
  asked = [];
  faceSets.prepare(set);
  faceSets.prepare(set);
  expect(await seeds(faceSets)).toEqual([1, 2, 3]);
  expect(asked.slice(0, 2).sort()).toEqual(['GetItem', 'GetObject']);
  await faceSets.whenIdle();
  // Codes, columns and vectors.
  expect(asked.filter((name) => name === 'GetObject')).toHaveLength(3);
});

it('answers all who search it before it is there', async () => {
  await compact();
  const faceSets = instance();
  await faceSets.get(set.projectId, set.name);
  faceSets.prepare(set);
  const found = await Promise.all(Array.from({ length: 8 }, () => seeds(faceSets)));
  expect(found).toEqual(found.map(() => [1, 2, 3]));
});

it('begins with what is known of a set that is searched by its name', async () => {
  const faceSets = instance();
  await faceSets.get(set.projectId, set.name);
  asked = [];
  const { hits } = await faceSets.searchNamed(set.projectId, set.name, () => query);
  expect(hits).toHaveLength(3);
  expect(asked.slice(0, 2).sort()).toEqual(['GetItem', 'Query']);
});

it.each(['before', 'while', 'after'])('knows of what was written %s it was prepared', async (moment) => {
  const faceSets = instance();
  await faceSets.get(set.projectId, set.name);
  if (moment !== 'before') faceSets.prepare(set);
  if (moment === 'after') await faceSets.whenIdle();
  await writer.add(set, [face(4)]);
  await removeFirst();
  await compact();
  if (moment === 'before') faceSets.prepare(set);
  expect(await seeds(faceSets)).toEqual([2, 3, 4]);
});

it('finds what is in other segments than those that were known, whose log was cleared', async () => {
  await compact();
  const faceSets = instance();
  await faceSets.get(set.projectId, set.name);
  await removeFirst();
  await writer.add(set, [face(4)]);
  await compact();
  faceSets.prepare(set);
  expect(await seeds(faceSets)).toEqual([2, 3, 4]);
});

it('does not prepare as of a reading whose segments may have been cleared away', async () => {
  const faceSets = instance();
  await faceSets.get(set.projectId, set.name);
  clock += 6 * minute;
  asked = [];
  faceSets.prepare(set);
  await faceSets.whenIdle();
  expect(asked).toEqual([]);
  expect(await seeds(faceSets)).toEqual([1, 2, 3]);
});

it('comes to nothing for a set that is gone', async () => {
  const faceSets = instance();
  await faceSets.get(set.projectId, set.name);
  await writer.remove(set.projectId, set.name);
  faceSets.prepare(set);
  await expect(seeds(faceSets)).rejects.toMatchObject({ code: 'FRS.0302' });
  await faceSets.whenIdle();
});
