import { afterAll, beforeAll, expect, it } from 'vitest';
import { createFaceSets } from '../src/index.ts';
import { reopened, startStores, type TestStores } from './embedded.ts';
import { face, spec } from './faces.ts';
import { newProject } from './specification.ts';

/*
 * A set whose faces lie in no segment yet, as after an import, is read from the records by its first search. The SDK decodes a
 * page in one piece, in which the event loop serves nobody: pages are small, and few arrive at once.
 */
const faces = 600;
const queries: { readonly faces: number; readonly running: number }[] = [];
let stores: TestStores;
let reader: TestStores;
beforeAll(async () => {
  stores = await startStores();
  reader = reopened(stores);
  let running = 0;
  reader.dynamodb.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName !== 'QueryCommand') return await next(args);
        running += 1;
        try {
          const result = await next(args);
          const { Items = [] } = result.output as { readonly Items?: readonly unknown[] };
          queries.push({ faces: Items.length, running });
          return result;
        } finally {
          running -= 1;
        }
      },
    { step: 'initialize' },
  );
});
afterAll(async () => {
  reader.destroy();
  await stores.stop();
});

it('reads many new faces in small pages, a few at a time, and finds them all', async () => {
  const writer = stores.instance();
  const set = await writer.create(newProject(), spec('people'), 2000);
  for (let from = 0; from < faces; from += 200)
    await writer.add(
      set,
      Array.from({ length: 200 }, (_, at) => face(from + at)),
    );
  const faceSets = createFaceSets({ ...reader, table: stores.table, bucket: stores.bucket });
  const hits = await faceSets.search(set, {
    probe: { vector: face(1).vector },
    topN: 2000,
    minCosine: -1,
  });
  expect(new Set(hits.map(({ box }) => box.topLeftX)).size).toBe(faces);
  expect(Math.max(...queries.map((query) => query.faces))).toBeLessThanOrEqual(128);
  expect(Math.max(...queries.map((query) => query.running))).toBeLessThanOrEqual(4);
});
