import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Context } from 'hono';
import type { HttpEnv } from './raw-request.ts';
import { newRequestId } from './respond.ts';

/** What anyone may ask for, in memory once: all answers share these bytes. */
export interface StaticContent {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly zipped: Uint8Array<ArrayBuffer>;
  /** A strong validator (RFC 9110, 8.8.3) without quotes and without the coding's suffix. */
  readonly tag: string;
  /** Sent as they are. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Compresses and hashes, both once. @param headers `Content-Type`, `Cache-Control` and others of its answers */
export async function staticContent(
  content: string | Uint8Array,
  headers: Readonly<Record<string, string>>,
): Promise<StaticContent> {
  const bytes = new Uint8Array(typeof content === 'string' ? Buffer.from(content) : content);
  return {
    bytes,
    zipped: new Uint8Array(await promisify(gzip)(bytes, { level: 9 })),
    tag: createHash('sha256').update(bytes).digest('base64url').slice(0, 22),
    headers,
  };
}

/**
 * Answers GET and HEAD: 304 to whoever has it, compressed for whoever takes that. Only these answers of the service have an `ETag`.
 * All headers are given with the body: changed afterwards, Hono would copy the body through a web stream.
 */
export function answerStatic(c: Context<HttpEnv>, { bytes, zipped, tag, headers }: StaticContent): Response {
  const zip = /\bgzip\b/.test(c.req.header('Accept-Encoding') ?? '');
  const etag = zip ? `"${tag}-gzip"` : `"${tag}"`;
  const shared = { ...headers, 'X-Request-Id': newRequestId(), ETag: etag, Vary: 'Accept-Encoding' };
  if (isKnown(c.req.header('If-None-Match'), etag)) return c.body(null, 304, shared);
  const body = zip ? zipped : bytes;
  return c.body(body, 200, {
    ...shared,
    'Content-Length': String(body.length),
    ...(zip && { 'Content-Encoding': 'gzip' }),
  });
}

/** Runs `make` at the first call; a failure is not kept. */
export function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}

/** Weak comparison (RFC 9110, 13.1.2). */
function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.split(',').some((one) => ['*', etag].includes(one.trim().replace(/^W\//, '')));
}
