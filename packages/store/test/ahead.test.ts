import type { FaceSet, FaceSets } from '@openfrs/core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { openStore } from '../src/face-sets/context.ts';

import { createIndexCache, type IndexCache } from '../src/face-sets/index/index-cache.ts';
import type { LoadedIndex } from '../src/face-sets/index/loaded-index.ts';
import { reopened, startStores, type TestStores } from './embedded.ts';
import { face, spec } from './faces.ts';
import { newProject } from './specification.ts';

/*
 * The index in memory is searched while the set's manifest is read: each search waits for that read, also where nothing has
 * changed. Here `read` stands for the end of a read, `used` for a search, with the number of faces it found.
 */
let stores: TestStores;
let reader: TestStores;
let cache: IndexCache;
let faceSets: FaceSets;
let set: FaceSet;
let events: string[] = [];
beforeAll(async () => {
  stores = await startStores();
  reader = reopened(stores);
  reader.dynamodb.middlewareStack.add(
    (next, context) => async (args) => {
      const answer = await next(args);
      if ((context as { commandName?: string }).commandName === 'GetItemCommand') events.push('read');
      return answer;
    },
    { step: 'deserialize', priority: 'high', name: 'told' },
  );
});
afterAll(async () => {
  reader.destroy();
  await stores.stop();
});
beforeEach(async () => {
  faceSets = stores.instance();
  set = await faceSets.create(newProject(), spec('people'), 10);
  await faceSets.add(set, [face(1), face(2)]);
  cache = createIndexCache(openStore({ ...reader, table: stores.table, bucket: stores.bucket }));
  await search();
  events = [];
});

const use = async ({ index }: LoadedIndex) => {
  events.push(`used ${index.size}`);
  return index.size;
};
const search = () => cache.use(set, [], use);

it('uses the memory before it is known that nothing has changed, and once only', async () => {
  expect(await search()).toBe(2);
  expect(events).toEqual(['used 2', 'read']);
});

it.each([
  ['added', 3, () => faceSets.add(set, [face(3)])],
  [
    'deleted',
    1,
    async () => {
      const [first] = await faceSets.page(set, 0, 1);
      await faceSets.removeMatching(set, { kind: 'equals', field: 'face_id', value: first?.faceId ?? '' });
    },
  ],
])(
  'uses it again where a face was %s, then waits for the reading until nothing changes',
  async (_, left, change) => {
    await change();
    expect(await search()).toBe(left);
    expect(events).toEqual(['used 2', 'read', `used ${left}`]);
    events = [];
    expect(await search()).toBe(left);
    expect(events).toEqual(['read', `used ${left}`]);
    events = [];
    expect(await search()).toBe(left);
    expect(events).toEqual([`used ${left}`, 'read']);
  },
);

it('does not answer from memory for a set that is gone', async () => {
  await faceSets.remove(set.projectId, set.name);
  await expect(search()).rejects.toMatchObject({ code: 'FRS.0302' });
});

it('uses the memory again where its use failed', async () => {
  let calls = 0;
  const failing = async ({ index }: LoadedIndex) => {
    calls += 1;
    if (calls === 1) throw new Error('not there yet');
    return index.size;
  };
  expect(await cache.use(set, [], failing)).toBe(2);
  expect(calls).toBe(2);
});

it('finds a set that was made again under its name, and not the faces of the one before', async () => {
  const instance = stores.instance();
  const query = { probe: { vector: face(1).vector }, topN: 10, minCosine: -1 };
  const found = () => instance.searchNamed(set.projectId, set.name, () => query);
  expect((await found()).hits).toHaveLength(2);
  await faceSets.remove(set.projectId, set.name);
  const again = await faceSets.create(set.projectId, spec('people'), 10);
  await faceSets.add(again, [face(5)]);
  const { set: second, hits } = await found();
  expect(second.id).toBe(again.id);
  expect(hits).toHaveLength(1);
});
