import { expect, it } from 'vitest';
import type { Item, Table } from '../../dynamodb/table.ts';
import { faceItem, readFaces, readFacesWithVectors, vectorBytes, vectorOf } from './faces.ts';

const vector = Float32Array.from({ length: 512 }, (_, at) => at / 512);
const face = {
  box: { topLeftX: 0, topLeftY: 0, width: 9, height: 9 },
  externalImageId: 'a',
  fields: { l: 1n, s: 'text' },
  vector,
};
const items: Item[] = Array.from({ length: 10_000 }, (_, at) => faceItem('set', at, 'op', face));
const table = { getMany: async () => items } as unknown as Table;
const numbers = items.map((_, at) => at);
const schema = { l: 'long', s: 'string' } as const;

/** Turns of the event loop until the work has ended. */
async function turnsOf(work: Promise<unknown>): Promise<number> {
  let turns = 0;
  let over = false;
  const turn = () => {
    turns += 1;
    if (!over) setImmediate(turn);
  };
  setImmediate(turn);
  await work;
  over = true;
  return turns;
}

it('reads thousands of records without keeping the event loop', async () => {
  expect(await turnsOf(readFacesWithVectors(table, 'set', numbers, schema))).toBeGreaterThan(2);
  const faces = await readFacesWithVectors(table, 'set', numbers, schema);
  expect(faces).toHaveLength(items.length);
  expect(faces.at(-1)).toMatchObject({ number: 9999, fields: { l: 1n, s: 'text' }, vector });
  expect((await readFaces(table, 'set', numbers, schema)).get(9999)).toMatchObject({ number: 9999 });
  expect(await turnsOf(readFaces(table, 'set', numbers, schema))).toBeGreaterThan(1);
});

it('a vector comes back from bytes that begin anywhere, and is its own', () => {
  const bytes = Buffer.concat([Buffer.of(1), vectorBytes(vector)]).subarray(1);
  const read = vectorOf(bytes);
  bytes.fill(0);
  expect(read).toEqual(vector);
});
