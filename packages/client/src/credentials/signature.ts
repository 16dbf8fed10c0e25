import type { AccessKey, Authority, Unsigned } from './types.ts';

const algorithm = 'SDK-HMAC-SHA256';
const utf8 = new TextEncoder();

/** Signs with an access key, as the official clients do (`SDK-HMAC-SHA256`), in browsers and Node alike. */
export function signer(key: AccessKey, now: () => Date = () => new Date()): Authority {
  return { headersFor: (request) => signedHeaders(request, key, now()) };
}

async function signedHeaders(
  { method, url, body = '' }: Unsigned,
  { ak, sk }: AccessKey,
  now: Date,
): Promise<Record<string, string>> {
  const date = `${now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
  const payload = typeof body === 'string' ? await sha256(body) : 'UNSIGNED-PAYLOAD';
  const signed = { host: url.host, 'x-sdk-content-sha256': payload, 'x-sdk-date': date };
  const names = Object.keys(signed).join(';');
  const canonical = [
    method,
    canonicalPath(url.pathname),
    canonicalQuery(url.searchParams),
    ...Object.entries(signed).map(([name, value]) => `${name}:${value}`),
    '',
    names,
    payload,
  ].join('\n');
  const signature = await hmac(sk, [algorithm, date, await sha256(canonical)].join('\n'));
  return {
    'X-Sdk-Date': date,
    'X-Sdk-Content-Sha256': payload,
    Authorization: `${algorithm} Access=${ak}, SignedHeaders=${names}, Signature=${signature}`,
  };
}

/** Each segment percent-encoded, with a slash at the end. */
function canonicalPath(path: string): string {
  const encoded = path.split('/').map((segment) => quote(decodeURIComponent(segment)));
  return `${encoded.join('/')}/`.replace(/\/\/$/, '/');
}

/** Sorted by key, then by value. */
function canonicalQuery(query: URLSearchParams): string {
  return [...query]
    .map(([key, value]) => [quote(key), quote(value)] as const)
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map((pair) => pair.join('='))
    .join('&');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Percent-encodes everything but letters, digits and `-._~` (RFC 3986). */
function quote(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

async function sha256(text: string): Promise<string> {
  return hex(await crypto.subtle.digest('SHA-256', utf8.encode(text)));
}

async function hmac(secret: string, text: string): Promise<string> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', utf8.encode(secret), algorithm, false, ['sign']);
  return hex(await crypto.subtle.sign('HMAC', key, utf8.encode(text)));
}

function hex(bytes: ArrayBuffer): string {
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
