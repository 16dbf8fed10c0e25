import { mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
  PutItemCommand,
  ScanCommand,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { DurableLevel } from '../level/durable-level.ts';
import { closeServer, listen } from '../listen.ts';
import { storedCredentials } from '../stored-credentials.ts';
import { createDynamoDbServer } from './server.ts';

let dir: string;
let level: DurableLevel;
let server: Server;
let client: DynamoDBClient;
let TableName: string;
let made = 0;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'openfrs-transact-'));
  const credentials = await storedCredentials(join(dir, 'keys.json'));
  level = new DurableLevel(join(dir, 'dynamodb'), { flush: true });
  await level.open();
  ({ server } = await createDynamoDbServer(level, credentials));
  const endpoint = `http://127.0.0.1:${await listen(server, 0, 'DynamoDB')}`;
  client = new DynamoDBClient({ endpoint, region: credentials.region, credentials });
});
afterAll(async () => {
  client.destroy();
  await closeServer(server);
  await level.close();
  await rm(dir, { recursive: true });
});
beforeEach(async () => {
  TableName = `things-${made++}`;
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }),
  );
  for (const id of ['a', 'b', 'c'])
    await client.send(new PutItemCommand({ TableName, Item: { id: { S: id }, n: { N: '1' } } }));
});

const put = (id: string, n: number): TransactWriteItem => ({
  Put: { TableName, Item: { id: { S: id }, n: { N: String(n) } } },
});
const raise = (id: string, from: number): TransactWriteItem => ({
  Update: {
    TableName,
    Key: { id: { S: id } },
    UpdateExpression: 'SET n = n + :one',
    ConditionExpression: 'n = :from',
    ExpressionAttributeValues: { ':one': { N: '1' }, ':from': { N: String(from) } },
  },
});
const write = (...TransactItems: TransactWriteItem[]) =>
  client.send(new TransactWriteItemsCommand({ TransactItems }));

async function items(): Promise<Record<string, number>> {
  const { Items = [] } = await client.send(new ScanCommand({ TableName }));
  return Object.fromEntries(Items.map(({ id, n }) => [id?.S, Number(n?.N)]));
}

test('writes all of a transaction', async () => {
  await write(put('d', 4), raise('a', 1), { Delete: { TableName, Key: { id: { S: 'b' } } } });
  expect(await items()).toEqual({ a: 2, c: 1, d: 4 });
});

test('writes none where a condition fails, and says which', async () => {
  const cancelled = await write(put('d', 4), raise('a', 7), raise('b', 1)).catch((error) => error);
  expect(cancelled).toBeInstanceOf(TransactionCanceledException);
  const { CancellationReasons } = cancelled as TransactionCanceledException;
  expect(CancellationReasons?.map(({ Code }) => Code)).toEqual(['None', 'ConditionalCheckFailed', 'None']);
  expect(await items()).toEqual({ a: 1, b: 1, c: 1 });
  // Its keys are free again.
  await write(raise('a', 1), raise('b', 1));
  expect(await items()).toEqual({ a: 2, b: 2, c: 1 });
});

test('loses no write of those that come side by side, transactions and single ones', async () => {
  const increase = (id: string) =>
    client.send(
      new UpdateItemCommand({
        TableName,
        Key: { id: { S: id } },
        UpdateExpression: 'ADD n :one',
        ExpressionAttributeValues: { ':one': { N: '1' } },
      }),
    );
  const added = (id: string): TransactWriteItem => ({
    Update: {
      TableName,
      Key: { id: { S: id } },
      UpdateExpression: 'ADD n :one',
      ExpressionAttributeValues: { ':one': { N: '1' } },
    },
  });
  await Promise.all(
    Array.from({ length: 20 }, (_, at) => [
      // In either order: none waits for what the other holds.
      at % 2 === 0 ? write(added('a'), added('b')) : write(added('b'), added('a')),
      increase('a'),
      increase('b'),
    ]).flat(),
  );
  expect(await items()).toEqual({ a: 41, b: 41, c: 1 });
});

test.each([
  ['two writes of one item', () => [put('a', 2), raise('a', 1)], /multiple operations on one item/],
  ['no writes', () => [], /1 to 100 members/],
  ['more than 100', () => Array.from({ length: 101 }, (_, at) => put(`x${at}`, at)), /1 to 100 members/],
  ['conditions alone', () => [{ ConditionCheck: raise('a', 1).Update } as TransactWriteItem], /Put, Update/],
])('refuses %s', async (_, writes, message) => {
  await expect(write(...writes())).rejects.toThrow(message);
  expect(await items()).toEqual({ a: 1, b: 1, c: 1 });
});

test('says that a table is missing', async () => {
  const elsewhere = { Put: { TableName: 'nowhere', Item: { id: { S: 'a' } } } };
  await expect(write(put('d', 4), elsewhere)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  expect(await items()).toEqual({ a: 1, b: 1, c: 1 });
});

test('the same condition is judged with the values, names and for the request that it comes with', async () => {
  const ifIs = (id: string, name: string, value: string): TransactWriteItem => ({
    Put: {
      TableName,
      Item: { id: { S: id }, n: { N: '9' } },
      ConditionExpression: '#name = :value',
      ExpressionAttributeNames: { '#name': name },
      ExpressionAttributeValues: { ':value': { N: value } },
    },
  });
  await write(ifIs('a', 'n', '1'), ifIs('b', 'n', '1'));
  await expect(write(ifIs('c', 'n', '2'))).rejects.toThrow(TransactionCanceledException);
  await expect(write(ifIs('c', 'm', '1'))).rejects.toThrow(TransactionCanceledException);
  await write(ifIs('c', 'n', '1'), ifIs('a', 'n', '9'));
  expect(await items()).toEqual({ a: 9, b: 9, c: 9 });
});

test('a value that no expression uses is told each time, and only then', async () => {
  const send = (UpdateExpression: string) =>
    client.send(
      new UpdateItemCommand({
        TableName,
        Key: { id: { S: 'a' } },
        UpdateExpression,
        ConditionExpression: 'attribute_exists(#id)',
        ExpressionAttributeNames: { '#id': 'id', '#n': 'n' },
        ExpressionAttributeValues: { ':two': { N: '2' } },
      }),
    );
  // The condition is the same each time; what else is used is not.
  await send('SET #n = :two');
  for (let time = 0; time < 2; time += 1) {
    await expect(send('SET n = :two')).rejects.toThrow('unused in expressions: keys: {#n}');
    await expect(send('REMOVE #n')).rejects.toThrow('unused in expressions: keys: {:two}');
  }
  await send('SET #n = :two');
});

test('an item is of its table as it is now, not as it was', async () => {
  const put = (Item: Record<string, { S: string }>) => client.send(new PutItemCommand({ TableName, Item }));
  await put({ id: { S: 'd' } });
  await client.send(new DeleteTableCommand({ TableName }));
  await expect(put({ id: { S: 'd' } })).rejects.toThrow('Requested resource not found');
  const again = new CreateTableCommand({
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'name', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'name', KeyType: 'HASH' }],
  });
  // A table's deletion is answered before it has ended, and its name is free after.
  await vi.waitFor(() => client.send(again), { timeout: 5000 });
  await expect(put({ id: { S: 'd' } })).rejects.toThrow('Missing the key name in the item');
  await put({ name: { S: 'd' } });
});
