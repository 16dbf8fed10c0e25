import { PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { ListObjectsV2Command, PutObjectCommand, S3ServiceException } from '@aws-sdk/client-s3';
import { logLines } from '@openfrs/core/observation';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
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

  describe('of uploads', () => {
    const tomorrow = () => Date.now() + 25 * hour * 1000;
    const uploads = async () => {
      const listed = new ListObjectsV2Command({ Bucket: bucket, Prefix: 'uploads/' });
      return ((await stores.s3.send(listed)).Contents ?? []).map(({ Key }) => Key);
    };
    /** The stores' S3, but for commands of one name. */
    const s3With = (name: string, answer: (send: () => Promise<unknown>) => Promise<unknown>) =>
      ({
        send: (command: ListObjectsV2Command) => {
          const send = () => stores.s3.send(command);
          return command.constructor.name === name ? answer(send) : send();
        },
      }) as unknown as TestStores['s3'];
    beforeEach(async () => {
      for (let n = 1; n <= 5; n++)
        await stores.s3.send(new PutObjectCommand({ Bucket: bucket, Key: `uploads/p/${n}`, Body: 'x' }));
    });

    it('goes page after page, up to a bound, and the next pass goes on', async () => {
      const bounded = createExpiry({
        ...stores,
        tables: [table],
        bucket,
        limits: { pageItems: 2, items: 4, rest: 0 },
        now: tomorrow,
      });
      expect((await bounded.pass()).uploads).toBe(4);
      expect((await bounded.pass()).uploads).toBe(1);
      expect(await uploads()).toEqual([]);
    });

    it('and that S3 refuses to remove is told of, and holds up nothing behind it', async () => {
      const s3 = s3With('DeleteObjectsCommand', async (send) => ({
        ...((await send()) as object),
        Errors: [{ Key: 'uploads/p/1', Code: 'AccessDenied', Message: 'Access Denied' }],
      }));
      const limits = { pageItems: 2, rest: 0 };
      const pass = createExpiry({ ...stores, s3, tables: [table], bucket, limits, now: tomorrow }).pass();
      await expect(pass).rejects.toThrow('uploads/p/1: Access Denied');
      expect(await uploads()).toEqual([]);
    });

    it('are left where the host has them removed', async () => {
      const pass = createExpiry({ ...stores, tables: [table], bucket, now: tomorrow }).pass({
        uploads: false,
      });
      expect((await pass).uploads).toBe(0);
      expect(await uploads()).toHaveLength(5);
    });

    const rule = { Status: 'Enabled', Filter: { Prefix: 'uploads/' }, Expiration: { Days: 1 } };
    const refused = (name: string, httpStatusCode: number) =>
      new S3ServiceException({ name, $fault: 'client', $metadata: { httpStatusCode } });
    it.each([
      ['a rule for them', async () => ({ Rules: [rule] }), 0],
      ['a rule for all', async () => ({ Rules: [{ ...rule, Filter: undefined }] }), 0],
      ['a rule that is off', async () => ({ Rules: [{ ...rule, Status: 'Disabled' }] }), 5],
      ['a rule for others', async () => ({ Rules: [{ ...rule, Filter: { Prefix: 'enrol/' } }] }), 5],
      [
        'a rule for tagged ones',
        async () => ({ Rules: [{ ...rule, Filter: { Tag: { Key: 'a', Value: 'b' } } }] }),
        5,
      ],
      ['a rule for unfinished ones', async () => ({ Rules: [{ ...rule, Expiration: undefined }] }), 5],
      ['no rule', () => Promise.reject(refused('NoSuchLifecycleConfiguration', 404)), 5],
      ['rules that may not be seen', () => Promise.reject(refused('AccessDenied', 403)), 5],
      ['a rule of ten years', async () => ({ Rules: [{ ...rule, Expiration: { Days: 3650 } }] }), 5],
      [
        'a rule of today beside one of years',
        async () => ({ Rules: [{ ...rule, Expiration: { Days: 900 } }, rule] }),
        0,
      ],
      ['a date that has come', async () => ({ Rules: [{ ...rule, Expiration: { Date: new Date(0) } }] }), 0],
      ['a date to come', async () => ({ Rules: [{ ...rule, Expiration: { Date: new Date(2e14) } }] }), 5],
    ])('are the lifecycle\u2019s on AWS where the bucket has one: %s', async (_name, answer, removed) => {
      const s3 = s3With('GetBucketLifecycleConfigurationCommand', answer);
      const options = { ...stores, s3, tables: [table] as const, bucket, hasLifecycle: true, now: tomorrow };
      const said: string[] = [];
      const end = logLines.watch(({ message }) => said.push(message));
      expect((await createExpiry(options).pass()).uploads).toBe(removed);
      end();
      // What is removed doesn't come back: an operator is told of it and why.
      expect(said).toEqual(removed > 0 ? [expect.stringMatching(/ are removed here: its lifecycle /)] : []);
    });
  });

  it('is not looked for where the table has a time to live', async () => {
    await put('limits', 'RATE#ttl', 'old', -2 * hour);
    const pass = createExpiry({ ...stores, tables: ['limits'], bucket, hasTimeToLive: true, now: () => now });
    expect((await pass.pass()).items).toBe(0);
    expect(await kept('limits')).toContain('RATE#ttl old');
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
