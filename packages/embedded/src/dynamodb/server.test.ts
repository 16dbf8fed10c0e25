import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  ListTablesCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { ClassicLevel } from 'classic-level';
import { expect, test, vi } from 'vitest';
import { watchGroupWrites } from '../../test/level-writes.ts';
import { DurableLevel } from '../level/durable-level.ts';
import { closeServer, listen } from '../listen.ts';
import { storedCredentials } from '../stored-credentials.ts';
import { createDynamoDbServer } from './server.ts';

test('what a query has read through is let go, whether it was read to its end or not', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'openfrs-dynamodb-'));
  const credentials = await storedCredentials(join(dir, 'keys.json'));
  const read = [
    vi.spyOn(ClassicLevel.prototype, 'iterator'),
    vi.spyOn(ClassicLevel.prototype, 'keys'),
  ] as const;
  const level = new DurableLevel(join(dir, 'dynamodb'), { flush: true });
  await level.open();
  const { server } = await createDynamoDbServer(level, credentials);
  const endpoint = `http://127.0.0.1:${await listen(server, 0, 'DynamoDB')}`;
  const client = new DynamoDBClient({ endpoint, region: credentials.region, credentials });
  const TableName = 'things';
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'N' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  );
  const items = Array.from({ length: 20 }, (_, sk) => ({ pk: { S: 'a' }, sk: { N: String(sk) } }));
  const puts = items.map((Item) => ({ PutRequest: { Item } }));
  await client.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: puts } }));
  const asked = {
    TableName,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': { S: 'a' } },
  };
  expect((await client.send(new QueryCommand(asked))).Count).toBe(20);
  expect((await client.send(new QueryCommand({ ...asked, Limit: 3 }))).Count).toBe(3);
  expect((await client.send(new ScanCommand({ TableName, Limit: 5 }))).Count).toBe(5);
  expect((await client.send(new ListTablesCommand({ Limit: 1 }))).TableNames).toEqual([TableName]);
  const iterators = read.flatMap(({ mock }) => mock.results.map(({ value }) => value));
  expect(iterators.length).toBeGreaterThanOrEqual(4);
  for (const iterator of iterators) {
    const state = () =>
      (iterator.next() as Promise<unknown>).then(
        () => 'open',
        (error: { code: string }) => error.code,
      );
    await expect.poll(state).toBe('LEVEL_ITERATOR_NOT_OPEN');
  }
  client.destroy();
  await closeServer(server);
  await level.close();
  await rm(dir, { recursive: true });
});

test('a table that a stop left half made is there, one left half deleted is gone with its items', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'openfrs-dynamodb-'));
  const credentials = await storedCredentials(join(dir, 'keys.json'));
  const level = new DurableLevel(join(dir, 'dynamodb'), { flush: true });
  await level.open();
  const table = (TableName: string, TableStatus: string) => ({
    key: Buffer.from(`table~${TableName}`),
    value: JSON.stringify({
      TableName,
      TableStatus,
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    }),
  });
  await level.write([
    table('made', 'CREATING'),
    table('deleted', 'DELETING'),
    { key: Buffer.from('item-deleted~a'), value: '{"pk":{"S":"a"}}' },
  ]);
  const { server } = await createDynamoDbServer(level, credentials);
  const endpoint = `http://127.0.0.1:${await listen(server, 0, 'DynamoDB')}`;
  const client = new DynamoDBClient({ endpoint, region: credentials.region, credentials });
  expect((await client.send(new ListTablesCommand({}))).TableNames).toEqual(['made']);
  expect((await client.send(new ScanCommand({ TableName: 'made' }))).Count).toBe(0);
  expect(level.get(Buffer.from('item-deleted~a'))).toBeUndefined();
  client.destroy();
  await closeServer(server);
  await level.close();
  await rm(dir, { recursive: true });
});

test('writes to tables of counters wait for no disk, others do', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'openfrs-dynamodb-'));
  const credentials = await storedCredentials(join(dir, 'keys.json'));
  const level = new DurableLevel(join(dir, 'dynamodb'), { flush: true });
  await level.open();
  const { server } = await createDynamoDbServer(level, credentials, ['counters']);
  const endpoint = `http://127.0.0.1:${await listen(server, 0, 'DynamoDB')}`;
  const client = new DynamoDBClient({ endpoint, region: credentials.region, credentials });
  for (const TableName of ['counters', 'things']) {
    await client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      }),
    );
  }
  const groups = watchGroupWrites();
  const isSynced = async (command: UpdateItemCommand | DeleteItemCommand) => {
    groups.length = 0;
    await client.send(command as UpdateItemCommand);
    // A table's own entry is written once more when it was made.
    const ofItems = groups.filter(({ keys }) => keys.some((key) => key.startsWith('item-')));
    return ofItems.map(({ sync }) => sync);
  };
  for (const [TableName, expected] of [
    ['counters', [false]],
    ['things', [true]],
  ] as const) {
    const Key = { pk: { S: 'a' } };
    const ExpressionAttributeValues = { ':one': { N: '1' } };
    const hit = { TableName, Key, UpdateExpression: 'ADD hits :one', ExpressionAttributeValues };
    expect(await isSynced(new UpdateItemCommand(hit))).toEqual(expected);
    expect(await isSynced(new DeleteItemCommand({ TableName, Key }))).toEqual(expected);
  }
  vi.restoreAllMocks();
  client.destroy();
  await closeServer(server);
  await level.close();
  await rm(dir, { recursive: true });
});
