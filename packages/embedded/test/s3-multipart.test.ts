import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { bucket, bytes, failure, useStores } from './stores.ts';

const use = useStores();
const MB = 1024 ** 2;
const place = (Key: string) => ({ Bucket: bucket, Key });

async function begin(Key: string, more = {}): Promise<string> {
  const { UploadId } = await use.s3.send(new CreateMultipartUploadCommand({ ...place(Key), ...more }));
  return UploadId ?? '';
}

async function part(Key: string, UploadId: string, PartNumber: number, Body: Buffer): Promise<CompletedPart> {
  const sent = await use.s3.send(new UploadPartCommand({ ...place(Key), UploadId, PartNumber, Body }));
  return { PartNumber, ETag: sent.ETag, ChecksumCRC32: sent.ChecksumCRC32 };
}

const complete = (Key: string, UploadId: string, Parts: CompletedPart[], more = {}) =>
  use.s3.send(
    new CompleteMultipartUploadCommand({ ...place(Key), UploadId, MultipartUpload: { Parts }, ...more }),
  );

describe('a multipart upload', () => {
  const whole = bytes(12 * MB + 7);
  const cuts = [whole.subarray(0, 5 * MB), whole.subarray(5 * MB, 11 * MB), whole.subarray(11 * MB)];

  test('becomes one object, read whole, by range across parts, and by part', async () => {
    const id = await begin('mp', {
      ContentType: 'video/mp4',
      ChecksumAlgorithm: 'CRC32',
      Metadata: { a: '1' },
    });
    const parts = await Promise.all(cuts.map((cut, index) => part('mp', id, index + 1, cut)));
    expect(await failure(use.s3.send(new HeadObjectCommand(place('mp'))))).toMatchObject({ status: 404 });
    const done = await complete('mp', id, parts);
    expect(done.ETag).toMatch(/^"[0-9a-f]{32}-3"$/);
    expect(done.ChecksumCRC32).toMatch(/-3$/);
    const read = async (more = {}) => {
      const got = await use.s3.send(new GetObjectCommand({ ...place('mp'), ...more }));
      return Buffer.from((await got.Body?.transformToByteArray()) ?? []);
    };
    expect((await read()).equals(whole)).toBe(true);
    const [from, to] = [5 * MB - 3, 11 * MB + 2];
    expect((await read({ Range: `bytes=${from}-${to}` })).equals(whole.subarray(from, to + 1))).toBe(true);
    expect((await read({ PartNumber: 2 })).equals(cuts[1] ?? Buffer.alloc(0))).toBe(true);
    const head = await use.s3.send(new HeadObjectCommand({ ...place('mp'), PartNumber: 1 }));
    expect(head).toMatchObject({
      PartsCount: 3,
      ContentLength: 5 * MB,
      ContentType: 'video/mp4',
      Metadata: { a: '1' },
    });
    expect((await use.s3.send(new ListMultipartUploadsCommand({ Bucket: bucket }))).Uploads ?? []).toEqual(
      [],
    );
  });

  test('can carry one checksum over all bytes', async () => {
    const id = await begin('full', { ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' });
    const parts = [
      await part('full', id, 1, cuts[0] as Buffer),
      await part('full', id, 2, cuts[2] as Buffer),
    ];
    const done = await complete('full', id, parts);
    const single = await use.s3.send(
      new PutObjectCommand({
        ...place('single'),
        Body: Buffer.concat([cuts[0] as Buffer, cuts[2] as Buffer]),
      }),
    );
    expect(done).toMatchObject({ ChecksumCRC32: single.ChecksumCRC32, ChecksumType: 'FULL_OBJECT' });
  });

  test('lists its parts, takes a part again, and copies parts from objects', async () => {
    await use.s3.send(new PutObjectCommand({ ...place('source'), Body: whole }));
    const id = await begin('copied');
    await part('copied', id, 1, bytes(100, 9));
    const first = await part('copied', id, 1, cuts[0] as Buffer);
    const copy = await use.s3.send(
      new UploadPartCopyCommand({
        ...place('copied'),
        UploadId: id,
        PartNumber: 2,
        CopySource: `${bucket}/source`,
        CopySourceRange: `bytes=${5 * MB}-${12 * MB + 6}`,
      }),
    );
    const listed = await use.s3.send(new ListPartsCommand({ ...place('copied'), UploadId: id, MaxParts: 1 }));
    expect(listed).toMatchObject({ IsTruncated: true, NextPartNumberMarker: '1', Parts: [{ Size: 5 * MB }] });
    await complete('copied', id, [first, { PartNumber: 2, ETag: copy.CopyPartResult?.ETag }]);
    const got = await use.s3.send(new GetObjectCommand(place('copied')));
    expect(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(whole)).toBe(true);
  });

  test('holds to its conditions', async () => {
    await use.s3.send(new PutObjectCommand({ ...place('there'), Body: 'first' }));
    const id = await begin('there');
    const parts = [await part('there', id, 1, bytes(10))];
    expect(await failure(complete('there', id, parts, { IfNoneMatch: '*' }))).toMatchObject({ status: 412 });
    await complete('there', id, parts);
  });

  test('that is aborted leaves nothing', async () => {
    const id = await begin('aborted');
    const parts = [await part('aborted', id, 1, bytes(10))];
    await use.s3.send(new AbortMultipartUploadCommand({ ...place('aborted'), UploadId: id }));
    expect(await failure(complete('aborted', id, parts))).toEqual({ name: 'NoSuchUpload', status: 404 });
    expect(await failure(part('aborted', id, 2, bytes(10)))).toEqual({ name: 'NoSuchUpload', status: 404 });
  });

  test.each([
    ['parts in the wrong order', [2, 1], 'InvalidPartOrder'],
    ['a part that was never sent', [1, 7], 'InvalidPart'],
    ['a part below 5 MiB before the last', [1, 2], 'EntityTooSmall'],
  ])('with %s is refused and can go on', async (_, numbers, name) => {
    const id = await begin('strict');
    const sent = [await part('strict', id, 1, bytes(10)), await part('strict', id, 2, bytes(10))];
    const parts = numbers.map((number) => sent[number - 1] ?? { PartNumber: number, ETag: '"x"' });
    expect(await failure(complete('strict', id, parts))).toEqual({ name, status: 400 });
    await complete('strict', id, sent.slice(0, 1));
  });
});
