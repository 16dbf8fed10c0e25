import { Readable } from 'node:stream';
import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, expect, it } from 'vitest';
import { parseLargeAnswersInTurns } from './large-answers.ts';

let clients: DynamoDBClient[] = [];
afterEach(() => {
  for (const client of clients) client.destroy();
  clients = [];
});

/** A client whose every query is answered at once with so many bytes. */
function answeringWith(bytes: number): DynamoDBClient {
  const body = Buffer.from(JSON.stringify({ Count: 1, Items: [{ a: { S: 'x'.repeat(bytes) } }] }));
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'content-length': String(body.length) };
  const client = new DynamoDBClient({
    region: 'local',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    requestHandler: {
      handle: async () => ({ response: { statusCode: 200, headers, body: Readable.from([body]) } as never }),
    },
  });
  clients.push(client);
  parseLargeAnswersInTurns(client);
  return client;
}

/** In which turn of the event loop each of ten simultaneous answers was there, and whether it was whole. */
async function turnsOf(
  client: DynamoDBClient,
): Promise<{ turns: number[]; lengths: Set<number | undefined> }> {
  let turn = 0;
  let over = false;
  const count = () => {
    turn += 1;
    if (!over) setImmediate(count);
  };
  const query = async () => {
    const { Items } = await client.send(new QueryCommand({ TableName: 'data' }));
    return { at: turn, length: Items?.[0]?.a?.S?.length };
  };
  await query();
  setImmediate(count);
  const answers = await Promise.all(Array.from({ length: 10 }, query));
  over = true;
  return { turns: answers.map(({ at }) => at), lengths: new Set(answers.map(({ length }) => length)) };
}

it('parses one large answer in a turn of the event loop', async () => {
  const { turns, lengths } = await turnsOf(answeringWith(100_000));
  expect(new Set(turns).size).toBe(10);
  expect([...lengths]).toEqual([100_000]);
});

it('does not hold up small ones', async () => {
  const { turns, lengths } = await turnsOf(answeringWith(1000));
  expect(new Set(turns).size).toBeLessThan(5);
  expect([...lengths]).toEqual([1000]);
});
