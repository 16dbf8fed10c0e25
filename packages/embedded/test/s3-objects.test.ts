import { createHash } from 'node:crypto';
import { Agent } from 'node:http';
import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { bucket, bytes, failure, s3Client, useStores } from './stores.ts';

const use = useStores();
const put = (Key: string, Body: string | Buffer = 'x', more = {}) =>
  use.s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body, ...more }));
const get = (Key: string, more = {}) => use.s3.send(new GetObjectCommand({ Bucket: bucket, Key, ...more }));
const text = async (Key: string) => (await get(Key)).Body?.transformToString();

describe('what is put is got', () => {
  test('with its type, its metadata, its MD5 as ETag and its date', async () => {
    const body = bytes(100_000);
    const before = Math.floor(Date.now() / 1000) * 1000;
    const written = await put('a.jpg', body, { ContentType: 'image/jpeg', Metadata: { name: 'Zoë' } });
    const read = await get('a.jpg');
    expect(Buffer.from((await read.Body?.transformToByteArray()) ?? []).equals(body)).toBe(true);
    expect(written.ETag).toBe(`"${createHash('md5').update(body).digest('hex')}"`);
    expect(read).toMatchObject({ ETag: written.ETag, ContentType: 'image/jpeg', ContentLength: 100_000 });
    expect(read.Metadata).toEqual({ name: 'Zoë' });
    expect(read.LastModified?.getTime()).toBeGreaterThanOrEqual(before);
    expect(read.LastModified?.getTime()).toBeLessThanOrEqual(Date.now());
  });

  test('an empty object', async () => {
    await put('empty', '');
    expect(await text('empty')).toBe('');
    expect((await use.s3.send(new HeadObjectCommand({ Bucket: bucket, Key: 'empty' }))).ContentLength).toBe(
      0,
    );
  });

  test('a stream of known length, which the SDK sends aws-chunked with a trailer', async () => {
    const body = bytes(3_000_000);
    const chunks = Array.from({ length: 30 }, (_, index) =>
      body.subarray(index * 100_000, (index + 1) * 100_000),
    );
    const sent = new PutObjectCommand({
      Bucket: bucket,
      Key: 'stream',
      Body: Readable.from(chunks),
      ContentLength: body.length,
      ContentEncoding: 'gzip',
    });
    await use.s3.send(sent);
    const read = await get('stream');
    expect(read.ContentEncoding).toBe('gzip');
    expect(Buffer.from((await read.Body?.transformToByteArray()) ?? []).equals(body)).toBe(true);
  });

  test.each([
    '../../outside',
    'a/../b',
    '/leading',
    'double//slash',
    'tail/',
    '.',
    '..',
    'a b+c&d=e?f#g%20',
    'ünï/人/😀',
    'quote\'"<>',
    'back\\slash',
    'con:nul|*',
    `${'x'.repeat(1000)}`,
  ])('under the key %j, which is only ever a name', async (key) => {
    await put(key, `content of ${key}`);
    expect(await text(key)).toBe(`content of ${key}`);
    await use.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
    expect(await failure(get(key))).toEqual({ name: 'NoSuchKey', status: 404 });
  });

  test('over what was there before, whole', async () => {
    await put('twice', 'a long first content', { Metadata: { first: '1' } });
    await put('twice', 'short');
    expect(await text('twice')).toBe('short');
    expect((await get('twice')).Metadata).toEqual({});
  });

  test('also by a reader that began before it was overwritten', async () => {
    const body = bytes(20_000_000);
    await put('slow', body);
    const read = await get('slow');
    await put('slow', 'new');
    expect(Buffer.from((await read.Body?.transformToByteArray()) ?? []).equals(body)).toBe(true);
    expect(await text('slow')).toBe('new');
  });
});

describe('checksums', () => {
  test.each(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const)(
    '%s is checked, kept and given back',
    async (algorithm) => {
      // The SDK computes the value for itself when it writes, and compares it when it reads.
      const name = `Checksum${algorithm}` as const;
      const written = await put(algorithm, bytes(1000), { ChecksumAlgorithm: algorithm });
      const read = await get(algorithm, { ChecksumMode: 'ENABLED' });
      expect(written[name]).toBeTruthy();
      expect(read[name]).toBe(written[name]);
      expect((await read.Body?.transformToByteArray())?.length).toBe(1000);
    },
  );

  test.each([
    ['ChecksumCRC32', 'AAAAAA=='],
    ['ChecksumSHA256', Buffer.alloc(32).toString('base64')],
    ['ContentMD5', Buffer.alloc(16).toString('base64')],
  ])('a wrong %s leaves the object as it was', async (name, value) => {
    await put('kept', 'before');
    expect(await failure(put('kept', 'after', { [name]: value }))).toEqual({
      name: 'BadDigest',
      status: 400,
    });
    expect(await text('kept')).toBe('before');
  });
});

describe('ranges', () => {
  const body = bytes(1000);
  test.each([
    ['bytes=0-0', 0, 1],
    ['bytes=10-19', 10, 20],
    ['bytes=990-', 990, 1000],
    ['bytes=-10', 990, 1000],
    ['bytes=-5000', 0, 1000],
    ['bytes=500-5000', 500, 1000],
  ])('%s', async (Range, from, to) => {
    await put('range', body);
    const read = await get('range', { Range });
    expect(Buffer.from((await read.Body?.transformToByteArray()) ?? [])).toEqual(body.subarray(from, to));
    expect(read.ContentRange).toBe(`bytes ${from}-${to - 1}/1000`);
    expect(read.$metadata.httpStatusCode).toBe(206);
  });

  test.each(['bytes=1000-', 'bytes=2000-3000', 'bytes=-0'])('%s lies outside', async (Range) => {
    await put('range', body);
    expect(await failure(get('range', { Range }))).toEqual({ name: 'InvalidRange', status: 416 });
  });

  test.each(['bytes=5-1', 'lines=1-2', 'bytes=1-2,4-5'])(
    '%s is no range: the whole object',
    async (Range) => {
      await put('range', body);
      expect((await get('range', { Range })).ContentLength).toBe(1000);
    },
  );
});

describe('conditions', () => {
  test('If-None-Match: * writes only where nothing is', async () => {
    await put('once', 'first', { IfNoneMatch: '*' });
    expect(await failure(put('once', 'second', { IfNoneMatch: '*' }))).toEqual({
      name: 'PreconditionFailed',
      status: 412,
    });
    expect(await text('once')).toBe('first');
  });

  test('of twenty conditional writes at once, one wins', async () => {
    const all = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) => put('race', `writer ${index}`, { IfNoneMatch: '*' })),
    );
    const won = all.flatMap(({ status }, index) => (status === 'fulfilled' ? [index] : []));
    expect(won).toHaveLength(1);
    expect(await text('race')).toBe(`writer ${won[0]}`);
  });

  test('If-Match writes only over that version', async () => {
    const { ETag } = await put('version', 'one');
    await put('version', 'two', { IfMatch: ETag });
    expect(await failure(put('version', 'three', { IfMatch: ETag }))).toMatchObject({ status: 412 });
    expect(await failure(put('nothing', 'x', { IfMatch: ETag }))).toMatchObject({ status: 404 });
    expect(await text('version')).toBe('two');
  });

  test('of reads', async () => {
    const { ETag = '' } = await put('read', 'x');
    const hour = 3_600_000;
    expect(await failure(get('read', { IfNoneMatch: ETag }))).toMatchObject({ status: 304 });
    expect(await failure(get('read', { IfMatch: '"other"' }))).toMatchObject({ status: 412 });
    expect(await failure(get('read', { IfModifiedSince: new Date(Date.now() + hour) }))).toMatchObject({
      status: 304,
    });
    expect(await failure(get('read', { IfUnmodifiedSince: new Date(Date.now() - hour) }))).toMatchObject({
      status: 412,
    });
    expect((await get('read', { IfMatch: ETag, IfNoneMatch: '"other"' })).ContentLength).toBe(1);
  });
});

describe('copies', () => {
  test('keep content and metadata, or take new ones', async () => {
    await put('from +ü', 'content', { ContentType: 'text/plain', Metadata: { a: '1' } });
    const CopySource = encodeURI(`${bucket}/from +ü`).replace('+', '%2B');
    await use.s3.send(new CopyObjectCommand({ Bucket: bucket, Key: 'kept copy', CopySource }));
    await use.s3.send(
      new CopyObjectCommand({
        Bucket: bucket,
        Key: 'new copy',
        CopySource,
        MetadataDirective: 'REPLACE',
        Metadata: { b: '2' },
      }),
    );
    await use.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'from +ü' }));
    expect(await get('kept copy')).toMatchObject({ Metadata: { a: '1' }, ContentType: 'text/plain' });
    expect((await get('new copy')).Metadata).toEqual({ b: '2' });
    expect(await text('kept copy')).toBe('content');
  });

  test('of nothing fail', async () => {
    const copy = new CopyObjectCommand({ Bucket: bucket, Key: 'copy', CopySource: `${bucket}/nothing` });
    expect(await failure(use.s3.send(copy))).toEqual({ name: 'NoSuchKey', status: 404 });
  });
});

describe('deleting', () => {
  test('many at once, whether they are there or not', async () => {
    const keys = ['del/1', 'del/ü&<2>', 'del/3'];
    for (const key of keys.slice(0, 2)) await put(key);
    const done = await use.s3.send(
      new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: keys.map((Key) => ({ Key })) } }),
    );
    expect(done.Deleted?.map(({ Key }) => Key)).toEqual(keys);
    for (const key of keys) expect(await failure(get(key))).toMatchObject({ status: 404 });
  });
});

describe('refusals', () => {
  test.each([
    ['a bucket that does not exist', () => put('x', 'x', { Bucket: 'nowhere' }), 'NoSuchBucket', 404],
    ['a key of more than 1,024 bytes', () => put('ü'.repeat(513)), 'KeyTooLongError', 400],
    [
      'more than 2 KB of metadata',
      () => put('x', 'x', { Metadata: { a: 'x'.repeat(2048) } }),
      'MetadataTooLarge',
      400,
    ],
  ])('%s', async (_, call, name, status) => {
    expect(await failure(call())).toEqual({ name, status });
  });

  test.each([
    ['tags', { Tagging: 'a=b' }],
    ['encryption with a key of its own', { ServerSideEncryption: 'aws:kms' as const }],
    ['a public object', { ACL: 'public-read' as const }],
    ['another storage class', { StorageClass: 'GLACIER' as const }],
  ])('%s, which this server does not have', async (_, more) => {
    expect(await failure(put('asked for more', 'x', more))).toEqual({ name: 'NotImplemented', status: 501 });
    expect(await failure(get('asked for more'))).toMatchObject({ status: 404 });
  });

  test('with the bucket in the host name, too', async () => {
    const port = new URL(use.stores.s3Endpoint).port;
    const client = s3Client(use.stores, {
      endpoint: `http://localhost:${port}`,
      requestHandler: {
        httpAgent: new Agent({
          lookup: (_host, _options, found) => found(null, [{ address: '127.0.0.1', family: 4 }]),
        }),
      },
    });
    try {
      await put('virtual', 'hosted');
      const read = await client.send(new GetObjectCommand({ Bucket: bucket, Key: 'virtual' }));
      expect(await read.Body?.transformToString()).toBe('hosted');
    } finally {
      client.destroy();
    }
  });
});
