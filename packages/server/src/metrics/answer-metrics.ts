import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Metrics } from './metrics.ts';

/** Answers a scrape; the caller has decided that it may be. */
export async function answerMetrics(metrics: Metrics, response: ServerResponse): Promise<void> {
  const body = await metrics.text();
  response.writeHead(200, { 'content-type': metrics.contentType, 'cache-control': 'no-store' }).end(body);
}

/** Whether a scrape carries the token (`Authorization: Bearer`), compared in constant time. */
export function mayScrape({ headers }: IncomingMessage, token: string): boolean {
  const given = Buffer.from(/^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1] ?? '');
  const wanted = Buffer.from(token);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/** A port of its own, where `/metrics` is answered to whoever reaches it: bind it to an address that only you reach. */
export function metricsServer(metrics: Metrics): Server {
  return createServer({ headersTimeout: 5000, requestTimeout: 5000 }, (incoming, response) => {
    incoming.resume();
    if (incoming.method === 'GET' && incoming.url === '/metrics') void answerMetrics(metrics, response);
    else response.writeHead(404).end();
  });
}
