import { createHash, createHmac } from 'node:crypto';
import querystring from 'node:querystring';
import { BasicCredentials } from '@huaweicloud/huaweicloud-sdk-core';
import { AKSKSigner } from '@huaweicloud/huaweicloud-sdk-core/auth/AKSKSigner.js';
import type { IHttpRequest } from '@huaweicloud/huaweicloud-sdk-core/http/IHttpRequest.js';

/*
 * How the official clients sign and what they then put on the wire. Node's own signer is called; Python's, Java's and Go's
 * aren't installable from npm and are written down here after their behaviour: each builds its canonical request from
 * its own idea of the request, not from the wire, which is where they differ. What they sign, read in their sources
 * (Node 3.1.211, Python 3.1.219, Java 3.1.100, Go 0.1.207):
 *
 *   header                  Node               Python         Java (now)       Go
 *   X-Sdk-Date              signed             signed         signed           signed
 *   Host                    signed             signed         signed           never
 *   X-Sdk-Content-Sha256    signed where sent: UNSIGNED-PAYLOAD for bodies that aren't JSON, else left out
 *   X-Project-Id            signed where sent
 *   Content-Type            signed, but for    signed         never (older:    never
 *                           multipart                         but multipart)
 *   User-Agent              never              signed         never            signed, but not at IAM
 */

export interface Unsigned {
  readonly method: string;
  /** `http://host:port` */
  readonly endpoint: string;
  /** As the client's user or generated code builds it. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | string[]>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface Signed {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body?: string | Buffer;
}

export interface KeyPair {
  readonly ak: string;
  readonly sk: string;
}

export type Signer = (request: Unsigned, key: KeyPair, now?: Date) => Signed;

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');
const stamp = (now: Date) => `${now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;

/** Percent-encodes as Python's `quote(s, safe='~')` and Java's `URLEncoder` with its fixes do. */
const quote = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

function authorization(
  canonical: readonly string[],
  names: string,
  date: string,
  { ak, sk }: KeyPair,
): string {
  const text = `SDK-HMAC-SHA256\n${date}\n${sha256(canonical.join('\n'))}`;
  const hex = createHmac('sha256', sk).update(text).digest('hex');
  return `SDK-HMAC-SHA256 Access=${ak}, SignedHeaders=${names}, Signature=${hex}`;
}

/** The Node client: its own signer, and the query as its HTTP client (axios) sends it. */
export const nodeClient: Signer = (request, key, now) => {
  const { method, endpoint, path, query = {}, body } = request;
  const json = typeof body === 'string' && body !== '';
  const headers = AKSKSigner.sign(
    {
      method,
      endpoint: endpoint + path,
      queryParams: { ...query },
      headers: {
        ...(now === undefined ? {} : { 'X-Sdk-Date': stamp(now) }),
        ...(json || body === undefined ? {} : { 'X-Sdk-Content-Sha256': 'UNSIGNED-PAYLOAD' }),
        ...request.headers,
      },
      // It signs JSON.stringify of this and sends the same.
      ...(json ? { data: JSON.parse(body) } : {}),
    } as unknown as IHttpRequest,
    new BasicCredentials(key),
  ) as Record<string, string>;
  const search = querystring.stringify({ ...query });
  return sent(request, path + (search === '' ? '' : `?${search}`), {
    ...request.headers,
    ...headers,
    'User-Agent': 'huaweicloud-usdk-nodejs/3.0',
  });
};

/** The Python client: every header signed, User-Agent too; the canonical query itself is what it sends. */
export const pythonClient: Signer = (request, key, now) => {
  const type = request.headers?.['Content-Type'];
  const isForm = type !== undefined && !type.startsWith('application/json');
  return python(request, key, now, {
    'User-Agent': 'huaweicloud-usdk-python/3.0',
    ...(isForm ? { 'X-Sdk-Content-Sha256': 'UNSIGNED-PAYLOAD' } : {}),
  });
};

/** The older Python client of this service alone: it signs the real hash of every body. */
export const oldPythonClient: Signer = (request, key, now) => python(request, key, now, {});

function python(request: Unsigned, key: KeyPair, now = new Date(), own: Record<string, string>): Signed {
  const date = stamp(now);
  const headers: Record<string, string> = {
    ...own,
    ...request.headers,
    'X-Sdk-Date': date,
    Host: new URL(request.endpoint).host,
  };
  const lower = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value.trim()]),
  );
  const names = Object.keys(lower).sort();
  const decoded = decodeURIComponent(request.path).split('/').map(quote).join('/');
  const query = sortedQuery(request);
  const canonical = [
    request.method,
    decoded.endsWith('/') ? decoded : `${decoded}/`,
    query,
    `${names.map((name) => `${name}:${lower[name]}`).join('\n')}\n`,
    names.join(';'),
    request.body === undefined ? sha256('') : (lower['x-sdk-content-sha256'] ?? sha256(request.body)),
  ];
  return sent(request, request.path + (query === '' ? '' : `?${query}`), {
    ...headers,
    Authorization: authorization(canonical, names.join(';'), date, key),
  });
}

/** Python compares strings by code points, JavaScript by UTF-16 units. */
function byCodePoint(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Keys and the values of a key in the order of their code points, percent-encoded: Python's and Go's query. */
const sortedQuery = ({ query = {} }: Unsigned): string =>
  Object.entries(query)
    .sort(([a], [b]) => byCodePoint(a, b))
    .flatMap(([name, value]) =>
      [value]
        .flat()
        .sort(byCodePoint)
        .map((each) => `${quote(name)}=${quote(each)}`),
    )
    .join('&');

/** Java's and Go's canonical request, of the signed headers by their lower-case names. */
function canonicalRequest(
  { method, body }: Unsigned,
  path: string,
  query: string,
  headers: ReadonlyMap<string, string>,
): string[] {
  const names = [...headers.keys()].sort();
  return [
    method,
    path,
    query,
    names.map((name) => `${name}:${headers.get(name)}\n`).join(''),
    names.join(';'),
    headers.get('x-sdk-content-sha256') ?? sha256(body ?? ''),
  ];
}

/** The Java client: the path as it is in the URL is encoded again; keys and values are encoded, then sorted by key. */
export const javaClient: Signer = (request, key, now = new Date()) => {
  const date = stamp(now);
  const headers: Record<string, string> = {
    ...request.headers,
    Host: new URL(request.endpoint).host,
    'X-Sdk-Date': date,
  };
  const lower = new Map(
    Object.entries(headers)
      .filter(([, value]) => !value.startsWith('multipart/form-data'))
      .map(([name, value]) => [name.toLowerCase(), value]),
  );
  const names = [...lower.keys()].sort();
  const path = request.path.replace(/\/+$/, '').split('/').map(quote).join('/');
  const query = Object.entries(request.query ?? {})
    .map(([name, value]) => [quote(name), [value].flat().map(quote)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, values]) => values.map((value) => `${name}=${value}`))
    .join('&');
  const canonical = canonicalRequest(request, `${path}/`, query, lower);
  return sent(request, request.path + (query === '' ? '' : `?${query}`), {
    ...headers,
    'User-Agent': 'huaweicloud-usdk-java/3.0',
    Authorization: authorization(canonical, names.join(';'), date, key),
  });
};

/** The Go client: neither Host nor Content-Type is signed; the path as sent is encoded again. */
const goClient: Signer = (request, key, now = new Date()) => {
  const date = stamp(now);
  const type = request.headers?.['Content-Type'] ?? request.headers?.['content-type'];
  const headers: Record<string, string> = {
    ...request.headers,
    ...(type !== undefined && !type.includes('application/json')
      ? { 'X-Sdk-Content-Sha256': 'UNSIGNED-PAYLOAD' }
      : {}),
    'User-Agent': 'huaweicloud-usdk-go/3.0',
    'X-Sdk-Date': date,
  };
  const lower = new Map(
    Object.entries(headers)
      .map(([name, value]) => [name.toLowerCase(), value.trim()] as const)
      .filter(([name]) => !name.startsWith('content-type')),
  );
  const names = [...lower.keys()].sort();
  const path = request.path.split('/').map(quote).join('/');
  const query = sortedQuery(request);
  const canonical = canonicalRequest(request, path.endsWith('/') ? path : `${path}/`, query, lower);
  return sent(request, request.path + (query === '' ? '' : `?${query}`), {
    ...headers,
    Authorization: authorization(canonical, names.join(';'), date, key),
  });
};

export const clients: readonly (readonly [name: string, sign: Signer])[] = [
  ['Node', nodeClient],
  ['Python', pythonClient],
  ['old Python', oldPythonClient],
  ['Java', javaClient],
  ['Go', goClient],
];

/** All but the Go client. */
export const clientsThatSignHost = clients.filter(([, sign]) => sign !== goClient);

function sent(request: Unsigned, target: string, headers: Record<string, string>): Signed {
  const { method, endpoint, body } = request;
  return { method, url: endpoint + target, headers, ...(body === undefined ? {} : { body }) };
}
