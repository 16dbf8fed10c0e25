import { createHash, createHmac } from 'node:crypto';
import {
  canonicalHeaders,
  canonicalPaths,
  canonicalQueries,
  hashCanonical,
} from '@openfrs/core/identity/canonical-request.ts';

export interface SigningKey {
  readonly ak: string;
  readonly sk: string;
}

/**
 * The headers that sign a request with SDK-HMAC-SHA256. A `body` is covered by its hash; without one given (multipart)
 * the payload stays unsigned, as the official clients do it.
 */
export function signedHeaders(
  request: {
    readonly method: string;
    readonly url: URL;
    readonly body?: string;
    readonly multipart?: boolean;
  },
  { ak, sk }: SigningKey,
  now: Date,
): Record<string, string> {
  const { method, url, body = '', multipart = false } = request;
  const date = `${now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
  const payload = multipart ? 'UNSIGNED-PAYLOAD' : createHash('sha256').update(body).digest('hex');
  const headers: Record<string, string> = {
    host: url.host,
    'x-sdk-content-sha256': payload,
    'x-sdk-date': date,
  };
  const names = Object.keys(headers);
  const [block = ''] = canonicalHeaders(names, (name) => headers[name] ?? null) ?? [];
  const [path = ''] = canonicalPaths(url.pathname);
  const [query = ''] = canonicalQueries(url.search.slice(1));
  const canonical = [method, path, query, block, names.join(';'), payload].join('\n');
  const text = `SDK-HMAC-SHA256\n${date}\n${hashCanonical(canonical)}`;
  const signature = createHmac('sha256', sk).update(text).digest('hex');
  return {
    'X-Sdk-Date': date,
    'X-Sdk-Content-Sha256': payload,
    Authorization: `SDK-HMAC-SHA256 Access=${ak}, SignedHeaders=${names.join(';')}, Signature=${signature}`,
  };
}
