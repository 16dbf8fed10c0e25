import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { FrsError, writeJson, writeJsonInSlices } from '@openfrs/contract';
import { IamError, StorageFull } from '@openfrs/core';
import type { RequestRecord } from './request-context.ts';

/** What a request is answered with. */
export interface HttpResult {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** On every answer. */
const fixedHeaders = {
  'Content-Type': 'application/json; charset=UTF-8',
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
} as const;

const node = hostname().replace(/[^A-Za-z0-9.-]/g, '') || 'node';

/** The one place that makes a `Response`, with all headers at once: added afterwards, they would make Hono copy it. */
export async function respond(
  { requestId, rate }: RequestRecord,
  { status, body, headers }: HttpResult,
): Promise<Response> {
  const all = {
    ...fixedHeaders,
    'X-Request-Id': requestId,
    ...(rate && {
      'X-ratelimit': String(rate.limit),
      // The requests that are left: the reference's description says so, whatever the name suggests.
      'X-ratelimit-used': String(rate.left),
      'X-ratelimit-window': 'minute',
    }),
    ...headers,
  };
  return new Response(await writeJsonInSlices(body), { status, headers: all });
}

/**
 * The contract's answer where a server refuses what never becomes a request: malformed HTTP, headers that are late. It is not in the
 * audit log, which anyone could fill.
 */
export function refusal(error: FrsError): { headers: Readonly<Record<string, string>>; body: string } {
  const result = errorResult(error, '');
  const body = writeJson(result.body);
  const length = { 'Content-Length': String(Buffer.byteLength(body)) };
  return { headers: { ...fixedHeaders, 'X-Request-Id': newRequestId(), ...length, ...result.headers }, body };
}

/** `UUID-milliseconds since 1970-host`: unique everywhere, and told when and where to look. */
export function newRequestId(): string {
  return `${randomUUID()}-${Date.now()}-${node}`;
}

/** The contract's answer to an error: FRS's form, IAM's, or for anything unexpected FRS.0018. */
export function errorResult(error: unknown, requestId: string): HttpResult {
  if (error instanceof IamError) return { status: error.status, body: error.body };
  const known = error instanceof FrsError ? error : new FrsError('FRS.0018', detailOf(error, requestId));
  const retryAfter = known.retryAfterSeconds;
  return {
    status: known.status,
    body: { error_code: known.code, error_msg: known.message },
    ...(retryAfter !== undefined && { headers: { 'Retry-After': String(retryAfter) } }),
  };
}

/** An operator's remedy may be told; of any other fault the log tells more. */
function detailOf(error: unknown, requestId: string): string {
  const remedy = error instanceof StorageFull ? `${error.message} ` : '';
  return `${remedy}Request id: ${requestId}.`;
}
