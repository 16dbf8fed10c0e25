import type { BatchGetItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect, it, vi } from 'vitest';
import { type Key, openTable } from './table.ts';

/** Tables of a client that has every item, a turn of the event loop later; how many batches it had at once, and the largest. */
function watched() {
  const seen = { running: 0, maxRunning: 0, largest: 0 };
  const send = async ({ input }: BatchGetItemCommand) => {
    const [[name, { Keys = [] }] = ['', {}]] = Object.entries(input.RequestItems ?? {});
    seen.running += 1;
    seen.maxRunning = Math.max(seen.maxRunning, seen.running);
    seen.largest = Math.max(seen.largest, Keys.length);
    await new Promise((resolve) => setImmediate(resolve));
    seen.running -= 1;
    return { Responses: { [name]: Keys } };
  };
  const client = { send } as unknown as Pick<DynamoDBClient, 'send'>;
  return { seen, tables: [openTable(client, 'data'), openTable(client, 'others')] };
}

const keys = (count: number): Key[] =>
  Array.from({ length: count }, (_, at) => ({ pk: 'SET#1', sk: String(at) }));

it('leaves room for others while many items are read', async () => {
  const { seen, tables } = watched();
  const wanted = keys(930);
  const found = await Promise.all([...tables, ...tables].map((table) => table.getMany(wanted)));
  expect(seen.maxRunning).toBeLessThanOrEqual(4);
  expect(seen.largest).toBeLessThanOrEqual(50);
  for (const items of found)
    expect(items.map(({ sk }) => sk).sort()).toEqual(wanted.map(({ sk }) => sk).sort());
});

it('reads a batch at once beside them', async () => {
  const { seen, tables } = watched();
  const [table] = tables;
  let others = 0;
  const many = Array.from({ length: 4 }, () => table?.getMany(keys(1000)).then(() => (others += 1)));
  expect(await table?.getMany(keys(100))).toHaveLength(100);
  expect(others).toBe(0);
  expect(seen.largest).toBe(100);
  await Promise.all(many);
});

it('leaves its place to others while it waits to ask again', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  try {
    let refused = 0;
    const send = async ({ input }: BatchGetItemCommand) => {
      const [[name, batch] = ['', { Keys: undefined }]] = Object.entries(input.RequestItems ?? {});
      await new Promise((resolve) => setImmediate(resolve));
      if (name === 'others' || refused === 4) return { Responses: { [name]: batch.Keys ?? [] } };
      refused += 1;
      return { UnprocessedKeys: { [name]: batch } };
    };
    const client = { send } as unknown as Pick<DynamoDBClient, 'send'>;
    const refusing = openTable(client, 'data').getMany(keys(200));
    await vi.waitFor(() => expect(refused).toBe(4), { interval: 1 });
    expect(await openTable(client, 'others').getMany(keys(200))).toHaveLength(200);
    await vi.runAllTimersAsync();
    expect(await refusing).toHaveLength(200);
  } finally {
    vi.useRealTimers();
  }
});
