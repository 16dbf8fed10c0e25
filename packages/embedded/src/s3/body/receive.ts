import type { Authenticated } from '../../auth/authenticate.ts';
import { S3Error } from '../error.ts';
import type { S3Request } from '../request.ts';
import type { ChecksumAlgorithm } from '../storage/records.ts';
import { decodeAwsChunked } from './aws-chunked.ts';
import { announcedAlgorithm, checksumHeader, createDigest } from './checksums.ts';

/** S3's limit for one PUT. */
const maxPutBytes = 5 * 1024 ** 3;

export interface BodyDigests {
  /** Hex. */
  readonly md5: string;
  readonly checksum?: { readonly algorithm: ChecksumAlgorithm; readonly value: string };
}

/**
 * A request's content: aws-chunked unwrapped, and everything that the request says of it checked by the time
 * the iteration ends (length, payload hash, Content-MD5, checksum in header or trailer, chunk signatures).
 * Who iterates must not make the bytes visible before the end.
 */
export class RequestBody implements AsyncIterable<Uint8Array> {
  readonly #request: S3Request;
  readonly #auth: Authenticated;
  readonly #algorithm: ChecksumAlgorithm | undefined;
  #digests: BodyDigests | undefined;

  /** `algorithm`: the checksum to compute even where the request announces none. */
  constructor(request: S3Request, auth: Authenticated, algorithm?: ChecksumAlgorithm) {
    this.#request = request;
    this.#auth = auth;
    this.#algorithm = announcedAlgorithm(request.header) ?? algorithm;
  }

  /** What was computed over the content; only after the iteration. */
  get digests(): BodyDigests {
    if (!this.#digests) throw new Error('the body has not been read yet');
    return this.#digests;
  }

  /**
   * @throws S3Error MissingContentLength, EntityTooLarge, IncompleteBody, BadDigest, InvalidDigest,
   * XAmzContentSHA256Mismatch, SignatureDoesNotMatch
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    const { payload } = this.#auth;
    const streaming = payload.startsWith('STREAMING-');
    if (!streaming && !isHash(payload) && payload !== 'UNSIGNED-PAYLOAD') {
      throw new S3Error('InvalidArgument', 'x-amz-content-sha256 is not valid.');
    }
    const length = this.#declaredLength(streaming);
    const md5 = createDigest('MD5');
    const sha256 = isHash(payload) ? createDigest('SHA256') : undefined;
    const checksum = this.#algorithm && createDigest(this.#algorithm);
    let trailer: ReadonlyMap<string, string> = new Map();
    // A body that is refused half-way must not take the connection with it: the client is to read why.
    const raw: AsyncIterable<Uint8Array> = this.#request.incoming.iterator({ destroyOnReturn: false });
    const source = streaming
      ? decodeAwsChunked(raw, this.#chunkSigner(), (fields) => {
          trailer = fields;
        })
      : raw;
    let received = 0;
    for await (const chunk of source) {
      received += chunk.length;
      if (received > length) throw new S3Error('IncompleteBody');
      for (const digest of [md5, sha256, checksum]) digest?.update(chunk);
      yield chunk;
    }
    if (received !== length) throw new S3Error('IncompleteBody');
    if (sha256 && (await sha256.digest()).toString('hex') !== payload)
      throw new S3Error('XAmzContentSHA256Mismatch');
    const md5Bytes = await md5.digest();
    this.#checkContentMd5(md5Bytes);
    this.#digests = { md5: md5Bytes.toString('hex') };
    if (this.#algorithm && checksum) {
      const value = (await checksum.digest()).toString('base64');
      this.#checkChecksum(this.#algorithm, value, trailer);
      this.#digests = { ...this.#digests, checksum: { algorithm: this.#algorithm, value } };
    }
  }

  #declaredLength(streaming: boolean): number {
    const value = this.#request.header(streaming ? 'x-amz-decoded-content-length' : 'content-length');
    if (value === undefined || !/^\d{1,15}$/.test(value)) throw new S3Error('MissingContentLength');
    if (Number(value) > maxPutBytes) throw new S3Error('EntityTooLarge');
    return Number(value);
  }

  #chunkSigner() {
    const { payload, chunkSigner } = this.#auth;
    if (payload === 'STREAMING-UNSIGNED-PAYLOAD-TRAILER') return undefined;
    if (/^STREAMING-AWS4-HMAC-SHA256-PAYLOAD(-TRAILER)?$/.test(payload)) return chunkSigner;
    throw new S3Error('InvalidArgument', 'x-amz-content-sha256 is not valid.');
  }

  #checkContentMd5(digest: Buffer): void {
    const given = this.#request.header('content-md5');
    if (given === undefined) return;
    const bytes = Buffer.from(given, 'base64');
    if (bytes.length !== 16) throw new S3Error('InvalidDigest');
    if (!bytes.equals(digest)) throw new S3Error('BadDigest');
  }

  #checkChecksum(algorithm: ChecksumAlgorithm, value: string, trailer: ReadonlyMap<string, string>): void {
    const name = checksumHeader(algorithm);
    const announced = this.#request.header('x-amz-trailer')?.trim().toLowerCase() === name;
    const given = this.#request.header(name) ?? trailer.get(name);
    if (given === undefined && announced)
      throw new S3Error('InvalidRequest', 'The announced trailer is missing.');
    if (given !== undefined && given !== value) {
      throw new S3Error('BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`);
    }
  }
}

/** Reads a small document (XML) whole. @throws S3Error MalformedXML when it is longer than `maxBytes` */
export async function readText(body: RequestBody, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes) throw new S3Error('MalformedXML');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** A SHA-256 in hex, as `x-amz-content-sha256` carries it; anything else there is one of the known words. */
const isHash = (payload: string) => /^[0-9a-f]{64}$/.test(payload);
