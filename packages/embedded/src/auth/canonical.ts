import { createHash } from 'node:crypto';

/** What a signature covers of a request. */
export interface SignedRequest {
  readonly method: string;
  /** The path as sent, percent-encoded, without the query. */
  readonly path: string;
  /** Decoded parameters in the order sent. */
  readonly query: readonly (readonly [name: string, value: string])[];
  /** Names in lower case; several values of one name in the order sent. */
  readonly headers: Readonly<Record<string, readonly string[] | undefined>>;
}

/** AWS's URI encoding: everything but `A-Z a-z 0-9 - . _ ~` (and, in paths, `/`) as upper-case percent escapes. */
export function uriEncode(text: string, keepSlash = false): string {
  const encoded = encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return keepSlash ? encoded.replaceAll('%2F', '/') : encoded;
}

/** Order by code units of the encoded text, which is plain ASCII. */
const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/**
 * The canonical request of Signature Version 4 for S3 and DynamoDB, where the path is encoded once and never
 * normalised ("Create a signed AWS API request" in the IAM user guide).
 */
export function canonicalRequest(
  request: SignedRequest,
  signedHeaders: readonly string[],
  payloadHash: string,
): string {
  const query = request.query
    .map(([name, value]) => [uriEncode(name), uriEncode(value)] as const)
    .sort((a, b) => byText(a[0], b[0]) || byText(a[1], b[1]))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  const headers = signedHeaders
    .map((name) => `${name}:${(request.headers[name] ?? []).map(foldSpaces).join(',')}\n`)
    .join('');
  const path = uriEncode(decodeURIComponent(request.path), true);
  return [request.method, path, query, headers, signedHeaders.join(';'), payloadHash].join('\n');
}

export const sha256Hex = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex');

const foldSpaces = (value: string) => value.trim().replace(/ {2,}/g, ' ');
