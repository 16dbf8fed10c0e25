import {
  CreateBucketCommand,
  DeleteBucketCommand,
  GetBucketAclCommand,
  GetBucketLocationCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { amount } from '@openfrs/testing/sample';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { bucket, failure, useStores } from './stores.ts';

const use = useStores();
const put = (Key: string, Bucket = bucket) => use.s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));

/** All pages of a list. */
async function list(input: Omit<ListObjectsV2CommandInput, 'Bucket'>, Bucket = bucket) {
  const keys: string[] = [];
  const prefixes: string[] = [];
  let pages = 0;
  let ContinuationToken: string | undefined;
  do {
    const page = await use.s3.send(new ListObjectsV2Command({ Bucket, ...input, ContinuationToken }));
    keys.push(...(page.Contents ?? []).map(({ Key }) => Key ?? ''));
    prefixes.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix ?? ''));
    expect(page.KeyCount).toBe((page.Contents?.length ?? 0) + (page.CommonPrefixes?.length ?? 0));
    ContinuationToken = page.NextContinuationToken;
    expect(page.IsTruncated).toBe(ContinuationToken !== undefined);
    pages++;
  } while (ContinuationToken !== undefined);
  return { keys, prefixes, pages };
}

describe('lists', () => {
  const keys = ['a', 'a/1', 'a/2', 'a/b/3', 'a0', 'b//x', 'b/x', 'ü', '\u{1f600}', '\uffee'];
  beforeAll(async () => {
    for (const key of [...keys].reverse()) await put(key);
  });

  test('are in the order of the keys in UTF-8, and paged', async () => {
    const order = [...keys].sort((x, y) => Buffer.compare(Buffer.from(x), Buffer.from(y)));
    for (const MaxKeys of [1, 2, 3, 1000]) {
      const found = await list({ MaxKeys });
      expect(found.keys).toEqual(order);
      expect(found.pages).toBe(Math.ceil(keys.length / MaxKeys));
    }
  });

  test.each([1, 2, 1000])('show what lies below a delimiter once, %i at a time', async (MaxKeys) => {
    expect(await list({ Delimiter: '/', MaxKeys })).toMatchObject({
      keys: ['a', 'a0', 'ü', '\uffee', '\u{1f600}'],
      prefixes: ['a/', 'b/'],
    });
    expect(await list({ Prefix: 'a/', Delimiter: '/', MaxKeys })).toMatchObject({
      keys: ['a/1', 'a/2'],
      prefixes: ['a/b/'],
    });
  });

  test('begin behind a key', async () => {
    expect((await list({ StartAfter: 'a/2' })).keys[0]).toBe('a/b/3');
    expect((await list({ StartAfter: 'a/5' })).keys[0]).toBe('a/b/3');
    expect((await list({ StartAfter: 'zzz', MaxKeys: 1 })).keys[0]).toBe('ü');
  });

  test('come in their old form, too', async () => {
    const page = await use.s3.send(new ListObjectsCommand({ Bucket: bucket, MaxKeys: 2, Delimiter: '/' }));
    expect(page).toMatchObject({ IsTruncated: true, NextMarker: 'a/' });
    const next = await use.s3.send(new ListObjectsCommand({ Bucket: bucket, Delimiter: '/', Marker: 'a/' }));
    expect(next.CommonPrefixes).toEqual([{ Prefix: 'b/' }]);
    expect(next.Contents?.[0]?.Key).toBe('a0');
  });

  test('are empty where nothing matches, and refuse nonsense', async () => {
    expect((await list({ Prefix: 'nothing' })).keys).toEqual([]);
    for (const wrong of [{ MaxKeys: -1 }, { ContinuationToken: '***' }]) {
      const call = use.s3.send(new ListObjectsV2Command({ Bucket: bucket, ...wrong }));
      expect(await failure(call)).toEqual({ name: 'InvalidArgument', status: 400 });
    }
  });

  test('equal a sorted, filtered array for any keys', async () => {
    const key = fc.stringMatching(/^[ab/ÿ]{1,5}$/);
    let round = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(key, { minLength: 1, maxLength: 15 }),
        fc.stringMatching(/^[ab/ÿ]{0,2}$/),
        fc.integer({ min: 1, max: 4 }),
        async (some, Prefix, MaxKeys) => {
          const Bucket = `random-${round++}`;
          await use.s3.send(new CreateBucketCommand({ Bucket }));
          for (const each of some) await put(each, Bucket);
          const inside = some
            .filter((each) => each.startsWith(Prefix))
            .sort((x, y) => Buffer.compare(Buffer.from(x), Buffer.from(y)));
          const rolled = inside.map((each) => {
            const end = each.indexOf('/', Prefix.length);
            return end < 0 ? each : each.slice(0, end + 1);
          });
          const found = await list({ Prefix, Delimiter: '/', MaxKeys }, Bucket);
          const isPrefix = (each: string) => each.indexOf('/', Prefix.length) >= 0;
          expect(found.keys).toEqual(rolled.filter((each) => !isPrefix(each)));
          expect(found.prefixes).toEqual([...new Set(rolled.filter(isPrefix))]);
          expect((await list({ Prefix, MaxKeys }, Bucket)).keys).toEqual(inside);
        },
      ),
      { numRuns: amount(10, 100) },
    );
  });
});

describe('buckets', () => {
  test('are made, found, listed and removed', async () => {
    await use.s3.send(new CreateBucketCommand({ Bucket: 'second' }));
    expect(await failure(use.s3.send(new CreateBucketCommand({ Bucket: 'second' })))).toMatchObject({
      status: 409,
    });
    await use.s3.send(new HeadBucketCommand({ Bucket: 'second' }));
    expect(
      (await use.s3.send(new GetBucketLocationCommand({ Bucket: 'second' }))).$metadata.httpStatusCode,
    ).toBe(200);
    const names = async () =>
      (await use.s3.send(new ListBucketsCommand({}))).Buckets?.map(({ Name }) => Name);
    expect(await names()).toContain('second');
    await use.s3.send(new DeleteBucketCommand({ Bucket: 'second' }));
    expect(await names()).not.toContain('second');
    expect(await failure(use.s3.send(new HeadBucketCommand({ Bucket: 'second' })))).toMatchObject({
      status: 404,
    });
  });

  test('that hold something stay', async () => {
    await use.s3.send(new CreateBucketCommand({ Bucket: 'full' }));
    await put('x', 'full');
    expect(await failure(use.s3.send(new DeleteBucketCommand({ Bucket: 'full' })))).toEqual({
      name: 'BucketNotEmpty',
      status: 409,
    });
  });

  test.each(['UPPER', 'a', 'a_b', '-a-', 'x'.repeat(64), '1.2.3.4', 'a..b'])(
    '%j is no name',
    async (Bucket) => {
      expect(await failure(use.s3.send(new CreateBucketCommand({ Bucket })))).toEqual({
        name: 'InvalidBucketName',
        status: 400,
      });
    },
  );

  test('what this server does not have is refused, not answered with something else', async () => {
    expect(await failure(use.s3.send(new GetBucketAclCommand({ Bucket: bucket })))).toEqual({
      name: 'NotImplemented',
      status: 501,
    });
  });
});
