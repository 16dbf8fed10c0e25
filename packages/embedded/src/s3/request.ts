import type { IncomingMessage } from 'node:http';
import type { SignedRequest } from '../auth/canonical.ts';
import { S3Error } from './error.ts';

/** What a request is about: taken apart without normalising, since `//` and `..` are ordinary parts of a key. */
export interface S3Request extends SignedRequest {
  readonly incoming: IncomingMessage;
  readonly bucket: string | undefined;
  /** `undefined` for the bucket itself; never empty. */
  readonly key: string | undefined;
  /** A parameter's value; empty for one without (`?uploads`). */
  param(name: string): string | undefined;
  /** A header, or in presigned requests the parameter of that name (`x-amz-…`). */
  header(name: string): string | undefined;
}

/** A key's longest form in UTF-8. */
const maxKeyBytes = 1024;

/** @throws S3Error InvalidURI, KeyTooLongError */
export function parseRequest(incoming: IncomingMessage): S3Request {
  const raw = incoming.url ?? '/';
  const mark = raw.indexOf('?');
  const path = mark < 0 ? raw : raw.slice(0, mark);
  const query = (mark < 0 ? '' : raw.slice(mark + 1))
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const equals = pair.indexOf('=');
      const [name, value] = equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
      return [decode(name.replaceAll('+', '%20')), decode(value.replaceAll('+', '%20'))] as const;
    });
  if (!path.startsWith('/')) throw new S3Error('InvalidURI');
  const host = virtualHostBucket(incoming.headers.host ?? '');
  const rest = decode(path.slice(1));
  const slash = rest.indexOf('/');
  const bucket = host ?? (slash < 0 ? rest : rest.slice(0, slash));
  const key = host === undefined ? (slash < 0 ? '' : rest.slice(slash + 1)) : rest;
  if (Buffer.byteLength(key) > maxKeyBytes) throw new S3Error('KeyTooLongError');
  const params = new Map(query);
  const headers = incoming.headersDistinct;
  const presigned = params.has('X-Amz-Signature');
  const hoisted = new Map(presigned ? query.map(([name, value]) => [name.toLowerCase(), value]) : []);
  return {
    incoming,
    method: incoming.method ?? 'GET',
    path,
    query,
    headers,
    bucket: bucket === '' ? undefined : bucket,
    key: key === '' ? undefined : key,
    param: (name) => params.get(name),
    header: (name) => headers[name]?.join(',') ?? (name.startsWith('x-amz-') ? hoisted.get(name) : undefined),
  };
}

/** `bucket.localhost`, `bucket.s3.localhost` and `bucket.s3.<region>.<domain>` name the bucket in the host. */
function virtualHostBucket(host: string): string | undefined {
  const name = host.replace(/:\d+$/, '').toLowerCase();
  const bucket = /^(.+?)(?:\.s3(?:[.-][a-z0-9.-]+)?|\.localhost)$/.exec(name)?.[1];
  return bucket === 's3' ? undefined : bucket;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new S3Error('InvalidURI');
  }
}
