import { request as send } from 'node:http';
import type { Signed } from '@openfrs/testing/signers';

export interface RawResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
  /** `error_code` of the service, or the code of IAM's error. */
  readonly code: string | number | undefined;
}

export interface RawRequest extends Signed {
  /** Where it comes from; on Linux any address of 127.0.0.0/8. */
  readonly localAddress?: string;
}

/** Sends a request as it is: no client library normalises its path, query or headers. */
export function sendRaw({ method, url, headers, body, localAddress }: RawRequest): Promise<RawResponse> {
  const endpoint = new URL(url).origin;
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const path = url.slice(endpoint.length) || '/';
    const length = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
    const outgoing = send(
      {
        hostname,
        port,
        method,
        path,
        headers: { ...headers, ...length },
        agent: false,
        ...(localAddress !== undefined && { localAddress }),
      },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          const parsed: unknown = text === '' ? undefined : JSON.parse(text);
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            body: parsed,
            code: codeOf(parsed),
          });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function codeOf(body: unknown): string | number | undefined {
  const { error_code, error } = (body ?? {}) as { error_code?: string; error?: { code?: string | number } };
  return error_code ?? error?.code;
}
