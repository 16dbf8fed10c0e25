import { request } from 'node:http';
import { HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { expect, test } from 'vitest';
import { bucket, bytes, failure, s3Client, useStores } from './stores.ts';

const use = useStores();

/** A PUT as no client library would send it. */
async function put(
  headers: Record<string, string>,
  body: Buffer | string,
): Promise<{ status: number; code?: string | undefined }> {
  const signer = s3Client(use.stores, { requestChecksumCalculation: 'WHEN_REQUIRED' });
  const url = new URL(await getSignedUrl(signer, new PutObjectCommand({ Bucket: bucket, Key: 'refused' })));
  signer.destroy();
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'PUT', headers, agent: false }, (answer) => {
      let text = '';
      answer.on('data', (chunk) => (text += chunk));
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, code: /<Code>(\w+)</.exec(text)?.[1] }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const large = bytes(8_000_000);

test.each([
  [
    'a bucket that does not exist',
    async () => failure(use.s3.send(new PutObjectCommand({ Bucket: 'nowhere', Key: 'x', Body: large }))),
    { name: 'NoSuchBucket', status: 404 },
  ],
  [
    'no length',
    () => put({ 'transfer-encoding': 'chunked' }, large),
    { status: 411, code: 'MissingContentLength' },
  ],
  [
    'more than 5 GiB',
    () => put({ 'content-length': String(6 * 1024 ** 3) }, ''),
    { status: 400, code: 'EntityTooLarge' },
  ],
  [
    'a wrong Content-MD5',
    () =>
      put(
        { 'content-md5': Buffer.alloc(16).toString('base64'), 'content-length': String(large.length) },
        large,
      ),
    { status: 400, code: 'BadDigest' },
  ],
  [
    'a Content-MD5 that is none',
    () => put({ 'content-md5': 'x', 'content-length': '1' }, 'x'),
    { status: 400, code: 'InvalidDigest' },
  ],
])('a large body with %s is answered, not cut off', async (_, call, expected) => {
  expect(await call()).toEqual(expected);
});

test('whatever was refused, nothing of it is there', async () => {
  const head = use.s3.send(new HeadObjectCommand({ Bucket: bucket, Key: 'refused' }));
  expect(await failure(head)).toMatchObject({ status: 404 });
});
