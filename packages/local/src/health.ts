import type { IncomingMessage, ServerResponse } from 'node:http';

/** What `GET /health` tells. */
export interface Health {
  readonly status: 'ok' | 'degraded' | 'starting' | 'read only';
  /** Of a degraded service. */
  readonly reason?: string;
}

/**
 * 200 while requests are served, also by a degraded service: it still reads, detects and searches, and a load balancer that took
 * it out for a 503 would end that, too.
 */
export function answerHealth(incoming: IncomingMessage, response: ServerResponse, health: Health): void {
  incoming.resume();
  const reads = incoming.method === 'GET' || incoming.method === 'HEAD';
  answer(response, reads ? 200 : 405, reads ? health : { status: 'read only' }, incoming.method === 'HEAD');
}

/** A small answer of the server's own. */
export function answer(response: ServerResponse, status: number, content: Health, head = false): void {
  const body = JSON.stringify(content);
  response.writeHead(status, {
    'content-type': 'application/json; charset=UTF-8',
    'content-length': Buffer.byteLength(body),
    ...(status === 503 && { 'retry-after': '1' }),
  });
  response.end(head ? undefined : body);
}
