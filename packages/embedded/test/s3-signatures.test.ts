import { GetObjectCommand, ListBucketsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { describe, expect, test } from 'vitest';
import { bucket, clientConfig, failure, s3Client, useStores } from './stores.ts';

const use = useStores();

/** What a signed request looks like to a middleware of the SDK. */
interface Sent {
  method: string;
  path: string;
  headers: Record<string, string>;
  query: Record<string, string>;
  body?: unknown;
}

interface SignedWith {
  readonly credentials?: { readonly accessKeyId?: string; readonly secretAccessKey?: string };
  readonly region?: string;
  readonly systemClockOffset?: number;
}

/** A client whose requests are changed after they were signed. */
function tampering(change: (request: Sent) => void): S3Client {
  const client = s3Client(use.stores, { maxAttempts: 1 });
  client.middlewareStack.add(
    (next) => (args) => {
      change(args.request as Sent);
      return next(args);
    },
    { step: 'finalizeRequest', priority: 'low', name: 'tamper' },
  );
  return client;
}

const putOn = async (client: S3Client) => {
  try {
    return await failure(
      client.send(
        new PutObjectCommand({ Bucket: bucket, Key: 'tampered', Body: 'true', Metadata: { role: 'user' } }),
      ),
    );
  } finally {
    client.destroy();
  }
};

describe('a request is refused', () => {
  test('without a signature', async () => {
    const answer = await fetch(`${use.stores.s3Endpoint}/${bucket}/x`);
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('<Code>AccessDenied</Code>');
  });

  test.each<[string, SignedWith, string, number]>([
    ['another secret', { credentials: { secretAccessKey: 'wrong' } }, 'SignatureDoesNotMatch', 403],
    ['an unknown key', { credentials: { accessKeyId: 'WHO' } }, 'InvalidAccessKeyId', 403],
    ['another region', { region: 'eu-west-1' }, 'AuthorizationHeaderMalformed', 400],
    ['a clock 16 minutes slow', { systemClockOffset: -16 * 60_000 }, 'RequestTimeTooSkewed', 403],
    ['a clock 16 minutes fast', { systemClockOffset: 16 * 60_000 }, 'RequestTimeTooSkewed', 403],
  ])('signed with %s', async (_, { credentials, ...more }, name, status) => {
    const own = clientConfig(use.stores);
    const client = new S3Client({
      ...own,
      endpoint: use.stores.s3Endpoint,
      // A retry would set the SDK's clock right.
      maxAttempts: 1,
      ...more,
      credentials: { ...own.credentials, ...credentials },
    });
    expect(await failure(client.send(new ListBucketsCommand({})))).toEqual({ name, status });
    client.destroy();
  });

  test.each<[string, (request: Sent) => void, string]>([
    [
      'path',
      (sent) => {
        sent.path += '2';
      },
      'SignatureDoesNotMatch',
    ],
    [
      'query',
      (sent) => {
        sent.query.extra = '1';
      },
      'SignatureDoesNotMatch',
    ],
    [
      'metadata',
      (sent) => {
        sent.headers['x-amz-meta-role'] = 'admin';
      },
      'SignatureDoesNotMatch',
    ],
    [
      'date',
      (sent) => {
        const { 'x-amz-date': date = '' } = sent.headers;
        sent.headers['x-amz-date'] = `${date.slice(0, -2)}${(Number(date.at(-2)) + 1) % 10}Z`;
      },
      'SignatureDoesNotMatch',
    ],
    [
      'body',
      (sent) => {
        sent.body = 'fals';
      },
      'XAmzContentSHA256Mismatch',
    ],
    [
      'payload hash',
      (sent) => {
        sent.headers['x-amz-content-sha256'] = 'UNSIGNED-PAYLOAD';
      },
      'SignatureDoesNotMatch',
    ],
    [
      'headers, by one that was not signed',
      (sent) => {
        sent.headers['x-amz-copy-source'] = 'a/b';
      },
      'AccessDenied',
    ],
  ])('whose %s was changed after signing', async (_, change, name) => {
    expect((await putOn(tampering(change))).name).toBe(name);
  });

  test('with any single character of the signature changed', async () => {
    for (let at = 0; at < 64; at += 7) {
      const changed = tampering((sent) => {
        const { authorization = '' } = sent.headers;
        const index = authorization.length - 64 + at;
        const other = authorization[index] === '0' ? '1' : '0';
        sent.headers.authorization = authorization.slice(0, index) + other + authorization.slice(index + 1);
      });
      expect((await putOn(changed)).name).toBe('SignatureDoesNotMatch');
    }
  });
});

describe('presigned URLs', () => {
  const client = () => s3Client(use.stores, { requestChecksumCalculation: 'WHEN_REQUIRED' });
  const getUrl = (more = {}) =>
    getSignedUrl(client(), new GetObjectCommand({ Bucket: bucket, Key: 'pre signed' }), more);

  test('write and read without keys', async () => {
    const put = await getSignedUrl(client(), new PutObjectCommand({ Bucket: bucket, Key: 'pre signed' }));
    expect((await fetch(put, { method: 'PUT', body: 'content' })).status).toBe(200);
    const answer = await fetch(await getUrl());
    expect(await answer.text()).toBe('content');
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  });

  test('allow nothing else', async () => {
    const url = await getUrl();
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(403);
    expect((await fetch(url.replace('pre%20signed', 'other'))).status).toBe(403);
    expect((await fetch(`${url}&response-content-type=text%2Fhtml`)).status).toBe(403);
    expect((await fetch(url.replace('X-Amz-Expires=900', 'X-Amz-Expires=9000'))).status).toBe(403);
  });

  test('end', async () => {
    const answer = await fetch(await getUrl({ expiresIn: 60, signingDate: new Date(Date.now() - 61_000) }));
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('Request has expired');
  });
});
