import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { AuthRequest } from './caller.ts';
import { canonicalHeaders, canonicalPaths, canonicalQueries, hashCanonical } from './canonical-request.ts';

const ALGORITHM = 'SDK-HMAC-SHA256';
const SKEW_MS = 15 * 60 * 1000;
const UNSIGNED = 'UNSIGNED-PAYLOAD';
const LONGEST_AUTHORIZATION = 8192;
const MOST_HEADERS = 100;

export interface Signature {
  /** The AK. */
  readonly access: string;
  /** As in the header, letter for letter: it is part of what was signed. */
  readonly signedHeaders: string;
  /** 64 lower-case hex digits. */
  readonly hex: string;
}

/** The parts of an `Authorization: SDK-HMAC-SHA256 …` header; `undefined` if it isn't one. */
export function parseSignature(authorization: string | null): Signature | undefined {
  if (authorization === null || authorization.length > LONGEST_AUTHORIZATION) return undefined;
  const match =
    /^SDK-HMAC-SHA256 +Access=([^\s,]+), *SignedHeaders=([^\s,]+), *Signature=([0-9a-f]{64})$/.exec(
      authorization.trim(),
    );
  if (match === null) return undefined;
  const [, access = '', signedHeaders = '', hex = ''] = match;
  return signedHeaders.split(';').length > MOST_HEADERS ? undefined : { access, signedHeaders, hex };
}

/** Whether `X-Sdk-Date` (YYYYMMDD'T'HHMMSS'Z') is within 15 minutes of the clock. */
export function isTimely(date: string | null, now: Date): boolean {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date ?? '');
  if (match === null) return false;
  const [, year, month, day, hour, minute, second] = match.map(Number) as [number, ...number[]];
  const sent = Date.UTC(year ?? 0, (month ?? 0) - 1, day, hour, minute, second);
  return Math.abs(now.getTime() - sent) <= SKEW_MS;
}

/**
 * Whether the signature is the request's under `secret` (the SK): over exactly the headers of its list, with
 * any of `hosts` as the signed Host. The work depends on the request only, and every comparison takes
 * constant time.
 */
export async function matches(
  signature: Signature,
  request: AuthRequest,
  secret: string,
  hosts: readonly string[],
): Promise<boolean> {
  const expected = Buffer.from(signature.hex, 'hex');
  const date = request.headers.get('x-sdk-date') ?? '';
  let found = false;
  for (const canonical of await canonicalRequests(signature, request, hosts)) {
    const text = `${ALGORITHM}\n${date}\n${hashCanonical(canonical)}`;
    const mac = createHmac('sha256', secret).update(text, 'latin1').digest();
    if (timingSafeEqual(mac, expected)) found = true;
  }
  return found;
}

async function canonicalRequests(
  signature: Signature,
  request: AuthRequest,
  hosts: readonly string[],
): Promise<string[]> {
  const names = signature.signedHeaders.split(';');
  const blocks = (names.includes('host') ? hosts : ['']).flatMap(
    (host) => canonicalHeaders(names, (name) => (name === 'host' ? host : request.headers.get(name))) ?? [],
  );
  const payloads = await payloadHashes(request);
  const paths = canonicalPaths(request.rawPath);
  const queries = canonicalQueries(request.rawQuery);
  return paths.flatMap((path) =>
    queries.flatMap((query) =>
      [...new Set(blocks)].flatMap((headers) =>
        payloads.map((payload) =>
          [request.method, path, query, headers, signature.signedHeaders, payload].join('\n'),
        ),
      ),
    ),
  );
}

/**
 * What may stand for the payload: the literal UNSIGNED-PAYLOAD where the header says so (the Python client then still
 * signs the hash of an empty body, if it has none); else the body's own hash, which a hash in the header has to equal.
 * Clients put a `{}` body on GET, which some gateways drop: as no GET reads a body, an empty one may have been signed
 * as `{}`.
 */
async function payloadHashes(request: AuthRequest): Promise<string[]> {
  const claimed = request.headers.get('x-sdk-content-sha256')?.trim();
  if (claimed === UNSIGNED) return [UNSIGNED, sha256('')];
  const actual = await request.bodySha256();
  if (claimed !== undefined && claimed !== '') return claimed.toLowerCase() === actual ? [claimed] : [];
  return request.method === 'GET' && actual === sha256('') ? [actual, sha256('{}')] : [actual];
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
