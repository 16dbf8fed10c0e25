import { PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createExpiry, createTables, dynamodbDeadLetters, dynamodbEnrolments } from '../src/index.ts';
import { bucket, startStores, type TestStores, table } from './embedded.ts';

const now = Date.parse('2026-07-01T00:00:00Z');
const hour = 3600;
let stores: TestStores;
beforeAll(async () => {
  stores = await startStores();
  await createTables(stores.dynamodb, ['limits']);
});
afterAll(() => stores.stop());

/** @param expires in seconds after now */
const put = (name: string, pk: string, sk: string, expires?: number) =>
  stores.dynamodb.send(
    new PutItemCommand({
      TableName: name,
      Item: {
        pk: { S: pk },
        sk: { S: sk },
        ...(expires !== undefined && { expires: { N: String(now / 1000 + expires) } }),
      },
    }),
  );
const kept = async (name: string) =>
  ((await stores.dynamodb.send(new ScanCommand({ TableName: name }))).Items ?? [])
    .map(({ pk, sk }) => `${pk?.S} ${sk?.S}`)
    .filter((key) => !key.startsWith('CHECKPOINT'))
    .sort();
const expiry = (limits = {}) =>
  createExpiry({
    ...stores,
    tables: [table, 'limits', table],
    bucket,
    limits: { rest: 0, ...limits },
    now: () => now,
  });

describe('what has expired', () => {
  it('goes from every table, and what has not, or never does, stays', async () => {
    await put('limits', 'RATE#p', 'old', -2 * hour);
    await put('limits', 'RATE#p', 'new', hour);
    await put(table, 'CHALLENGE#p', 'old', -2 * hour);
    await put(table, 'DEAD', 'clocks may differ by an hour', -hour / 2);
    await put(table, 'SET#1', 'META');
    expect(await expiry().pass()).toEqual({ items: 2, uploads: 0 });
    expect([await kept('limits'), await kept(table)]).toEqual([
      ['RATE#p new'],
      ['DEAD clocks may differ by an hour', 'SET#1 META'],
    ]);
  });

  it('is looked for in bounded passes, of which the next goes on where any server ended', async () => {
    for (let n = 0; n < 30; n++) await put('limits', `RATE#${n}`, 'x', -2 * hour);
    const passes: number[] = [];
    const left: number[] = [];
    for (let pass = 0; pass < 4; pass++) {
      passes.push((await expiry({ pageItems: 5, items: 10 }).pass()).items);
      left.push((await kept('limits')).length);
    }
    expect(Math.max(...passes)).toBeLessThanOrEqual(10);
    expect(left.at(-1)).toBe(1);
  });

  it('stays where it was prolonged between the look and the removal', async () => {
    await put(table, 'LEASE', 'sweep', -2 * hour);
    const prolonging = {
      send: async (command: object) => {
        if (command.constructor.name === 'DeleteItemCommand') await put(table, 'LEASE', 'sweep', hour);
        return stores.dynamodb.send(command as ScanCommand);
      },
    } as unknown as TestStores['dynamodb'];
    await createExpiry({
      ...stores,
      dynamodb: prolonging,
      tables: [table],
      bucket,
      now: () => now,
    }).pass();
    expect(await kept(table)).toContain('LEASE sweep');
  });

  it('also are uploads that are older than a day', async () => {
    for (const Key of ['uploads/p/1', 'uploads/p/2', 'enrol/p/s/3'])
      await stores.s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: 'x' }));
    const at = (after: number) =>
      createExpiry({ ...stores, tables: [table], bucket, now: () => Date.now() + after });
    expect((await at(23 * hour * 1000).pass()).uploads).toBe(0);
    expect((await at(25 * hour * 1000).pass()).uploads).toBe(2);
    const { Contents } = await stores.s3.send(new ListObjectsV2Command({ Bucket: bucket }));
    expect(Contents?.map(({ Key }) => Key)).toEqual(['enrol/p/s/3']);
  });

  it('is not listed while it is still stored', async () => {
    const sixMonthsAgo = new Date(Date.now() - 180 * 24 * hour * 1000);
    const upload = { bucket, key: 'enrol/p/s/1', version: '1' };
    const enrolments = dynamodbEnrolments(stores.dynamodb, table);
    await enrolments.record('p', upload, { state: 'enrolled', faceIds: ['a'] }, sixMonthsAgo);
    await dynamodbDeadLetters(stores.dynamodb, table, () => sixMonthsAgo).put(upload, 'FRS.0018', 'x');
    expect(await enrolments.list('p', 10)).toEqual([]);
    // What makes a notification count once may do so for longer.
    expect(await enrolments.outcome('p', upload)).toMatchObject({ faceIds: ['a'] });
    expect(await dynamodbDeadLetters(stores.dynamodb, table).list(10)).toEqual([]);
  });
});
