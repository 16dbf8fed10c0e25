import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { AuthRequest } from './caller.ts';
import { canonicalHeaders, canonicalPaths, canonicalQueries, hashCanonical } from './canonical-request.ts';

const ALGORITHM = 'SDK-HMAC-SHA256';
const SKEW_MS = 15 * 60 * 1000;
const UNSIGNED = 'UNSIGNED-PAYLOAD';
const LONGEST_AUTHORIZATION = 8192;
const MOST_HEADERS = 100;
/** No operation has more than a handful of query parameters. */
const MOST_PAIRS = 256;
/** Ours have 20 characters; an operator may bring others. */
const LONGEST_ACCESS_KEY = 128;
const EMPTY_SHA256 = sha256('');

/** A field name (RFC 9110, 5.1) in lower case, as all clients list them. */
const headerName = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;

export interface Signature {
  /** The AK. */
  readonly access: string;
  /** As in the header, letter for letter: it is part of what was signed. */
  readonly signedHeaders: string;
  /** The names in `signedHeaders`: lower case, each once, `x-sdk-date` among them. */
  readonly names: ReadonlySet<string>;
  /** 64 lower-case hex digits. */
  readonly hex: string;
}

/**
 * The parts of an `Authorization: SDK-HMAC-SHA256 …` header; `undefined` if it isn't one. All official clients sign
 * `X-Sdk-Date`, so it must be in the list. `Host` need not be: the official Go client never signs it.
 */
export function parseSignature(authorization: string | null): Signature | undefined {
  if (authorization === null || authorization.length > LONGEST_AUTHORIZATION) return undefined;
  const match =
    /^SDK-HMAC-SHA256 +Access=([^\s,]+), *SignedHeaders=([^\s,]+), *Signature=([0-9a-f]{64})$/.exec(
      authorization,
    );
  if (match === null) return undefined;
  const [, access = '', signedHeaders = '', hex = ''] = match;
  const list = signedHeaders.split(';');
  const names = new Set(list);
  const isSound =
    access.length <= LONGEST_ACCESS_KEY &&
    list.length <= MOST_HEADERS &&
    names.size === list.length &&
    names.has('x-sdk-date') &&
    list.every((name) => headerName.test(name));
  return isSound ? { access, signedHeaders, names, hex } : undefined;
}

/** The value of a header that the signature covers: one that it doesn't cover could be anybody's. */
export function signedValue(signature: Signature, headers: AuthRequest['headers'], name: string) {
  return signature.names.has(name) ? headers.get(name) : null;
}

/** Whether `X-Sdk-Date` (YYYYMMDD'T'HHMMSS'Z', a time that exists) is within 15 minutes of the clock. */
export function isTimely(date: string | null, now: Date): boolean {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date ?? '');
  if (match === null) return false;
  const [, year, month, day, hour, minute, second] = match.map(Number) as [number, ...number[]];
  const sent = new Date(Date.UTC(year ?? 0, (month ?? 0) - 1, day, hour, minute, second));
  // Date.UTC carries what overflows: the 32nd of January would be the 1st of February.
  const isReal = !Number.isNaN(sent.getTime()) && basicFormat(sent) === date;
  return isReal && Math.abs(now.getTime() - sent.getTime()) <= SKEW_MS;
}

/** Whether a query is small enough to be put into canonical form: 256 pairs. */
export function isBounded(rawQuery: string): boolean {
  let pairs = 1;
  for (let at = rawQuery.indexOf('&'); at >= 0; at = rawQuery.indexOf('&', at + 1)) pairs += 1;
  return pairs <= MOST_PAIRS;
}

/**
 * Whether the signature is the request's under `secret` (the SK): over exactly the headers of its list, with any of
 * `hosts` as the signed Host. A wrong one costs the same work wherever it differs; every comparison takes constant time.
 */
export async function matches(
  signature: Signature,
  request: AuthRequest,
  secret: string,
  hosts: readonly string[],
): Promise<boolean> {
  const { method, rawPath, rawQuery, headers } = request;
  const date = headers.get('x-sdk-date') ?? '';
  const blocks = canonicalHeaders([...signature.names], (name) => headers.get(name), hosts);
  const paths = canonicalPaths(rawPath);
  const queries = canonicalQueries(rawQuery);
  const expected = Buffer.from(signature.hex, 'hex');
  for await (const payload of payloads(signature, request)) {
    for (const path of paths) {
      for (const query of queries) {
        for (const block of blocks) {
          const canonical = [method, path, query, block, signature.signedHeaders, payload].join('\n');
          const text = `${ALGORITHM}\n${date}\n${hashCanonical(canonical)}`;
          if (timingSafeEqual(createHmac('sha256', secret).update(text, 'latin1').digest(), expected))
            return true;
        }
      }
    }
  }
  return false;
}

/**
 * What may stand for the payload. UNSIGNED-PAYLOAD, where a signed header says so; the Python client then still signs the
 * hash of an empty body where it has none. Else the body's own hash, which a signed hash has to equal. A GET's `{}` may be
 * gone: some gateways drop it, and no GET reads a body.
 */
async function* payloads(signature: Signature, request: AuthRequest): AsyncGenerator<string> {
  const claimed = signedValue(signature, request.headers, 'x-sdk-content-sha256') ?? '';
  if (claimed === UNSIGNED) yield UNSIGNED;
  const actual = await request.bodySha256();
  const isEmpty = actual === EMPTY_SHA256;
  if (claimed === UNSIGNED) {
    if (isEmpty) yield EMPTY_SHA256;
  } else if (claimed !== '') {
    if (claimed.toLowerCase() === actual) yield claimed;
  } else {
    yield actual;
    if (isEmpty && request.method === 'GET') yield sha256('{}');
  }
}

function basicFormat(time: Date): string {
  return `${time.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
