import { describe, expect, test } from 'vitest';
import { decodeAwsChunked } from '../s3/body/aws-chunked.ts';
import { authenticate } from './authenticate.ts';
import type { SignedRequest } from './canonical.ts';

/** The examples of S3's API reference ("Signature Calculations for the Authorization Header", "… Query Parameters"). */
const credentials = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  region: 'us-east-1',
};
const now = new Date('2013-05-24T00:00:00Z');
const emptyHash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

function request(
  method: string,
  path: string,
  host: string,
  headers: Record<string, string>,
  query: SignedRequest['query'] = [],
): SignedRequest {
  const all = Object.entries({ host, ...headers });
  return { method, path, query, headers: Object.fromEntries(all.map(([name, value]) => [name, [value]])) };
}

const authorization = (signedHeaders: string, signature: string) =>
  `AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=${signedHeaders},Signature=${signature}`;

describe('signatures of the reference are accepted', () => {
  const host = 'examplebucket.s3.amazonaws.com';
  const signed = { 'x-amz-content-sha256': emptyHash, 'x-amz-date': '20130524T000000Z' };

  test('GET with a range', () => {
    const names = 'host;range;x-amz-content-sha256;x-amz-date';
    const signature = 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41';
    const headers = { ...signed, range: 'bytes=0-9', authorization: authorization(names, signature) };
    const { payload } = authenticate(request('GET', '/test.txt', host, headers), 's3', credentials, now);
    expect(payload).toBe(emptyHash);
  });

  test('a list with parameters', () => {
    const signature = '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7';
    const headers = {
      ...signed,
      authorization: authorization('host;x-amz-content-sha256;x-amz-date', signature),
    };
    const query = [
      ['max-keys', '2'],
      ['prefix', 'J'],
    ] as const;
    authenticate(request('GET', '/', host, headers, query), 's3', credentials, now);
  });

  test('a presigned URL', () => {
    const query = [
      ['X-Amz-Algorithm', 'AWS4-HMAC-SHA256'],
      ['X-Amz-Credential', 'AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request'],
      ['X-Amz-Date', '20130524T000000Z'],
      ['X-Amz-Expires', '86400'],
      ['X-Amz-SignedHeaders', 'host'],
      ['X-Amz-Signature', 'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404'],
    ] as const;
    const signedRequest = request('GET', '/test.txt', host, {}, query);
    const at = (time: string) => authenticate(signedRequest, 's3', credentials, new Date(time));
    expect(at('2013-05-24T23:59:59Z').payload).toBe('UNSIGNED-PAYLOAD');
    expect(() => at('2013-05-25T00:00:01Z')).toThrow('expired');
  });
});

describe('signed chunks of the reference', () => {
  const names =
    'content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class';
  const seed = '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9';
  const put = request('PUT', '/examplebucket/chunkObject.txt', 's3.amazonaws.com', {
    'x-amz-date': '20130524T000000Z',
    'x-amz-storage-class': 'REDUCED_REDUNDANCY',
    'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
    'content-encoding': 'aws-chunked',
    'x-amz-decoded-content-length': '66560',
    'content-length': '66824',
    authorization: authorization(names, seed),
  });
  const chunk = (size: number, signature: string) =>
    `${size.toString(16)};chunk-signature=${signature}\r\n${'a'.repeat(size)}\r\n`;
  const body = [
    chunk(65_536, 'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648'),
    chunk(1024, '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497'),
    chunk(0, 'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9'),
  ].join('');

  /** The decoded size; the encoded text arrives in pieces of that many bytes. */
  async function decoded(text: string, piece: number): Promise<number> {
    const { chunkSigner } = authenticate(put, 's3', credentials, now);
    async function* pieces() {
      const all = Buffer.from(text);
      for (let at = 0; at < all.length; at += piece) yield all.subarray(at, at + piece);
    }
    let size = 0;
    for await (const bytes of decodeAwsChunked(pieces(), chunkSigner, () => {})) size += bytes.length;
    return size;
  }

  test.each([1, 7, 1000, 100_000])('are accepted, however they are cut (%i bytes)', async (piece) => {
    expect(await decoded(body, piece)).toBe(66_560);
  });

  test('are refused when a byte, a signature or the end differs', async () => {
    await expect(decoded(body.replace('aaa', 'aab'), 1000)).rejects.toThrow('signature');
    await expect(decoded(body.replace('=0055', '=0056'), 1000)).rejects.toThrow('signature');
    await expect(decoded(body.slice(0, -100), 1000)).rejects.toMatchObject({ code: 'IncompleteBody' });
    await expect(decoded(body.replace('10000;', '1000000000;'), 1000)).rejects.toMatchObject({
      code: 'IncompleteBody',
    });
  });
});

test('a signed trailer of the reference is accepted, and refused when it differs', async () => {
  const names =
    'content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class;x-amz-trailer';
  const put = request('PUT', '/examplebucket/chunkObject.txt', 's3.amazonaws.com', {
    'x-amz-date': '20130524T000000Z',
    'x-amz-storage-class': 'REDUCED_REDUNDANCY',
    'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
    'content-encoding': 'aws-chunked',
    'x-amz-decoded-content-length': '66560',
    'x-amz-trailer': 'x-amz-checksum-crc32c',
    authorization: authorization(names, '106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e'),
  });
  const chunk = (size: number, signature: string, end = '\r\n') =>
    `${size.toString(16)};chunk-signature=${signature}\r\n${'a'.repeat(size)}${end}`;
  const body = [
    chunk(65_536, 'b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2'),
    chunk(1024, '1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7'),
    chunk(0, '2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992', ''),
    'x-amz-checksum-crc32c:sOO8/Q==\r\n',
    'x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n',
  ].join('');
  const decode = async (text: string) => {
    const { chunkSigner } = authenticate(put, 's3', credentials, now);
    let trailer: ReadonlyMap<string, string> = new Map();
    const source = (async function* () {
      yield Buffer.from(text);
    })();
    for await (const _ of decodeAwsChunked(source, chunkSigner, (fields) => (trailer = fields)));
    return trailer.get('x-amz-checksum-crc32c');
  };
  expect(await decode(body)).toBe('sOO8/Q==');
  await expect(decode(body.replace('sOO8', 'sOO9'))).rejects.toThrow('signature');
});
