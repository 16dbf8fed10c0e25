import type { IncomingMessage, ServerResponse } from 'node:http';
import { FrsError } from '@openfrs/contract';
import { newRequestId, refusal } from '@openfrs/http';

/** What `GET /health` tells. */
export interface Health {
  readonly status: 'ok' | 'degraded' | 'starting';
  /** Of a degraded service. */
  readonly reason?: string;
}

/** What `GET /ready` tells: whether requests should be sent here. */
export interface Readiness {
  readonly status: 'ready' | 'not ready' | 'stopping';
  /** Why it isn't ready. */
  readonly reason?: string;
}

/**
 * 200 while requests are served, also by a degraded service: it still reads, detects and searches, and a load balancer that took
 * it out for a 503 would end that, too. 503 where no requests should be sent here.
 */
export function answerHealth(
  incoming: IncomingMessage,
  response: ServerResponse,
  health: Health | Readiness,
): void {
  incoming.resume();
  const { method } = incoming;
  const status = health.status === 'not ready' || health.status === 'stopping' ? 503 : 200;
  if (method === 'GET' || method === 'HEAD') answer(response, status, health, method === 'HEAD');
  else {
    const { headers, body } = refusal(new FrsError('APIG.0101'));
    response.writeHead(404, headers).end(body);
  }
}

/** A small answer of the server's own. */
export function answer(
  response: ServerResponse,
  status: number,
  content: Health | Readiness,
  head = false,
): void {
  const body = JSON.stringify(content);
  response.writeHead(status, {
    'content-type': 'application/json; charset=UTF-8',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    'x-request-id': newRequestId(),
    'content-length': Buffer.byteLength(body),
    ...(status === 503 && { 'retry-after': '1' }),
  });
  response.end(head ? undefined : body);
}
