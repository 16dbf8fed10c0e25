import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FaceSet, NewFace } from '@openfrs/core';
import { type StoresInThread, startInThread } from '@openfrs/embedded/in-thread';
import { type Clients, createBuckets, createClients, createFaceSets, createTables } from '@openfrs/store';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { keepCacheWarm } from './warm-cache.ts';

let stores: StoresInThread;
let clients: Clients;
let dir: string;
let file: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'openfrs-memory-'));
  file = join(dir, 'warm-sets.json');
  stores = await startInThread();
  const { region, dynamodbEndpoint, s3Endpoint } = stores;
  clients = createClients({ region, dynamodbEndpoint, s3Endpoint, credentials: stores });
  await createTables(clients.dynamodb, ['data']);
  await createBuckets(clients.s3, ['index']);
});
afterAll(async () => {
  clients.destroy();
  await stores.stop();
  await rm(dir, { recursive: true });
});
beforeEach(() => rm(file, { force: true }));

const instance = () => createFaceSets({ ...clients, table: 'data', bucket: 'index' });
const dimension = 64;
const face: NewFace = {
  box: { topLeftX: 0, topLeftY: 0, width: 40, height: 40 },
  externalImageId: 'one',
  fields: {},
  vector: new Float32Array(dimension).fill(1, 0, 1),
};
let made = 0;

async function newSet(): Promise<FaceSet> {
  const faceSets = instance();
  made += 1;
  const spec = { name: `set${made}`, capacity: 1000, fields: {}, model: 'any', dimension };
  const set = await faceSets.create('project', spec, 100);
  await faceSets.add(set, [face]);
  return set;
}

const search = (faceSets: ReturnType<typeof instance>, { projectId, name }: FaceSet) =>
  faceSets.searchNamed(projectId, name, () => ({
    probe: { vector: face.vector },
    topN: 1,
    minCosine: -1,
  }));
const namesIn = (faceSets: ReturnType<typeof instance>) => faceSets.inMemory().map(({ name }) => name);

it('brings back what was in memory when the service stopped, the most recently used last', async () => {
  const [first, second, unused] = [await newSet(), await newSet(), await newSet()];
  const before = instance();
  const warmCache = keepCacheWarm(before, dir);
  for (const set of [first, second, first]) await search(before, set);
  await warmCache.stop();
  const after = instance();
  const again = keepCacheWarm(after, dir);
  await again.restored;
  expect(namesIn(after)).toEqual([second.name, first.name]);
  expect(namesIn(after)).not.toContain(unused.name);
  expect((await search(after, first)).hits).toHaveLength(1);
  await again.stop();
});

it('reads the file under its older name where there is no other', async () => {
  const set = await newSet();
  const older = join(dir, 'in-memory.json');
  await writeFile(older, JSON.stringify([{ projectId: set.projectId, name: set.name }]));
  const faceSets = instance();
  const warmCache = keepCacheWarm(faceSets, dir);
  await warmCache.restored;
  expect(namesIn(faceSets)).toEqual([set.name]);
  await warmCache.stop();
  await rm(older);
});

it('leaves out a set that is gone', async () => {
  const [gone, left] = [await newSet(), await newSet()];
  const before = instance();
  const warmCache = keepCacheWarm(before, dir);
  for (const set of [gone, left]) await search(before, set);
  await warmCache.stop();
  await before.remove(gone.projectId, gone.name);
  const after = instance();
  const again = keepCacheWarm(after, dir);
  await again.restored;
  expect(namesIn(after)).toEqual([left.name]);
  await again.stop();
});

it.each(['not JSON', '{"projectId": 1}', '[{"name": "set1"}]'])(
  'starts without memory from %s',
  async (text) => {
    await writeFile(file, text);
    const faceSets = instance();
    const warmCache = keepCacheWarm(faceSets, dir);
    await warmCache.restored;
    expect(namesIn(faceSets)).toEqual([]);
    await warmCache.stop();
  },
);

it('keeps the note of a service that stops before all is there again', async () => {
  const sets = [await newSet(), await newSet(), await newSet()];
  const text = JSON.stringify(sets.map(({ projectId, name }) => ({ projectId, name })));
  await writeFile(file, text);
  await keepCacheWarm(instance(), dir).stop();
  expect(await readFile(file, 'utf8')).toBe(text);
});
