import type { ChunkSigner } from '../s3/body/aws-chunked.ts';
import { S3Error } from '../s3/error.ts';
import { canonicalRequest, type SignedRequest, sha256Hex } from './canonical.ts';
import {
  algorithm,
  type Credentials,
  hmac,
  parseScope,
  type Scope,
  sameText,
  scopeText,
  signingKey,
} from './credentials.ts';

/** How far a request's time may be from ours: 15 minutes, as AWS allows. */
const maxSkewMs = 15 * 60_000;
/** The longest life of a presigned URL: seven days. */
const maxExpiresSeconds = 604_800;
const emptyHash = sha256Hex('');

export interface Authenticated {
  /** `x-amz-content-sha256`: a hex hash that the body must have, or one of the words for unsigned and chunked bodies. */
  readonly payload: string;
  /** For bodies of signed chunks. */
  readonly chunkSigner: ChunkSigner;
}

interface Claim {
  readonly scope: Scope;
  readonly time: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly payload: string;
  readonly request: SignedRequest;
}

/**
 * Checks a request's Signature Version 4, in the header or in the query (presigned). DynamoDB's
 * clients sign the body's hash without sending it: `bodyHash` is what was received.
 * @throws S3Error AccessDenied (none given, or expired), AuthorizationHeaderMalformed, InvalidAccessKeyId,
 * RequestTimeTooSkewed, SignatureDoesNotMatch
 */
export function authenticate(
  request: SignedRequest,
  service: 's3' | 'dynamodb',
  credentials: Credentials,
  now: Date,
  bodyHash?: string,
): Authenticated {
  const presigned = request.query.some(([name]) => name === 'X-Amz-Signature');
  const claim = presigned
    ? presignedClaim(request, service, credentials, now)
    : headerClaim(request, service, credentials, now);
  if (!claim.signedHeaders.includes('host')) {
    throw new S3Error('AccessDenied', 'The host header must be signed.');
  }
  // An unsigned x-amz header could turn a signed request into another one.
  for (const name of Object.keys(request.headers)) {
    if (name.startsWith('x-amz-') && name !== 'x-amz-user-agent' && !claim.signedHeaders.includes(name)) {
      throw new S3Error('AccessDenied', 'There were headers present in the request which were not signed', {
        HeadersNotSigned: name,
      });
    }
  }
  const canonical = canonicalRequest(claim.request, claim.signedHeaders, bodyHash ?? claim.payload);
  const key = signingKey(claim.scope, credentials.secretAccessKey);
  const text = [algorithm, claim.time, scopeText(claim.scope), sha256Hex(canonical)].join('\n');
  if (!sameText(claim.signature, hmac(key, text).toString('hex'))) {
    throw new S3Error('SignatureDoesNotMatch', undefined, {
      StringToSign: text,
      CanonicalRequest: canonical,
    });
  }
  return { payload: claim.payload, chunkSigner: chunkSigner(claim, key) };
}

function headerClaim(request: SignedRequest, service: string, credentials: Credentials, now: Date): Claim {
  const authorization = request.headers.authorization?.[0];
  if (authorization === undefined) throw new S3Error('AccessDenied');
  if (!authorization.startsWith(`${algorithm} `)) throw new S3Error('AuthorizationHeaderMalformed');
  const fields = new Map(
    authorization
      .slice(algorithm.length + 1)
      .split(',')
      .map((part) => part.trim().split('=', 2) as [string, string]),
  );
  const scope = parseScope(fields.get('Credential') ?? '', service, credentials);
  const time = request.headers['x-amz-date']?.[0] ?? '';
  const sent = parseTime(time);
  if (sent === undefined || !time.startsWith(scope.day)) {
    throw new S3Error('AccessDenied', 'AWS authentication requires a valid Date or x-amz-date header');
  }
  if (Math.abs(now.getTime() - sent) > maxSkewMs) {
    throw new S3Error('RequestTimeTooSkewed', undefined, {
      RequestTime: time,
      ServerTime: now.toISOString(),
      MaxAllowedSkewMilliseconds: String(maxSkewMs),
    });
  }
  return {
    scope,
    time,
    signedHeaders: (fields.get('SignedHeaders') ?? '').split(';'),
    signature: fields.get('Signature') ?? '',
    payload: request.headers['x-amz-content-sha256']?.[0] ?? emptyHash,
    request,
  };
}

function presignedClaim(request: SignedRequest, service: string, credentials: Credentials, now: Date): Claim {
  const query = new Map(request.query);
  if (query.get('X-Amz-Algorithm') !== algorithm) throw new S3Error('AuthorizationQueryParametersError');
  const scope = parseScope(query.get('X-Amz-Credential') ?? '', service, credentials);
  const time = query.get('X-Amz-Date') ?? '';
  const sent = parseTime(time);
  const expires = Number(query.get('X-Amz-Expires'));
  if (sent === undefined || !time.startsWith(scope.day)) {
    throw new S3Error('AuthorizationQueryParametersError', 'X-Amz-Date must be in the ISO8601 Long Format');
  }
  if (!Number.isInteger(expires) || expires < 1 || expires > maxExpiresSeconds) {
    throw new S3Error('AuthorizationQueryParametersError', 'X-Amz-Expires must be between 1 and 604800');
  }
  if (now.getTime() < sent - maxSkewMs) throw new S3Error('AccessDenied', 'Request is not valid yet');
  if (now.getTime() > sent + expires * 1000) {
    throw new S3Error('AccessDenied', 'Request has expired', { 'X-Amz-Expires': String(expires) });
  }
  return {
    scope,
    time,
    signedHeaders: (query.get('X-Amz-SignedHeaders') ?? '').split(';'),
    signature: query.get('X-Amz-Signature') ?? '',
    payload:
      query.get('X-Amz-Content-Sha256') ?? request.headers['x-amz-content-sha256']?.[0] ?? 'UNSIGNED-PAYLOAD',
    request: { ...request, query: request.query.filter(([name]) => name !== 'X-Amz-Signature') },
  };
}

function chunkSigner(claim: Claim, key: Buffer): ChunkSigner {
  let previous = claim.signature;
  const verify = (kind: string, signature: string, hashes: readonly string[]) => {
    const text = [`${algorithm}-${kind}`, claim.time, scopeText(claim.scope), previous, ...hashes].join('\n');
    const expected = hmac(key, text).toString('hex');
    if (!sameText(signature, expected)) throw new S3Error('SignatureDoesNotMatch');
    previous = expected;
  };
  return {
    verifyChunk: (signature, sha256) => verify('PAYLOAD', signature, [emptyHash, sha256]),
    verifyTrailer: (signature, sha256) => verify('TRAILER', signature, [sha256]),
  };
}

/** `20261122T091000Z` in milliseconds. */
function parseTime(text: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second] = match.map(Number);
  const time = Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second);
  return Number.isNaN(time) ? undefined : time;
}
