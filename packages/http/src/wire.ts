import type { IncomingMessage } from 'node:http';
import type { Context } from 'hono';
import type { LambdaEvent } from './lambda.ts';
import { fromBytes, fromStream } from './limited-body.ts';

/** What runtimes put beside the web request. */
export interface Bindings {
  /** Node's own request (`@hono/node-server`). */
  readonly incoming?: IncomingMessage;
  readonly lambdaEvent?: LambdaEvent;
}
export type DoorEnv = { Bindings: Bindings };

/**
 * A request as it was on the wire. Signatures are over the raw path, query and body, which a web `Request` has
 * normalised, and a web GET can have no body; the Node client signs one.
 */
export interface Wire {
  readonly method: string;
  readonly rawPath: string;
  /** Without `?`. */
  readonly rawQuery: string;
  readonly headers: { get(name: string): string | null };
  /** The address it came from, as far as it is known. */
  readonly source: string;
  /** Reads the whole body. @throws FrsError APIG.0201 over `limit` bytes, which are then not kept */
  readBody(limit: number): Promise<Uint8Array>;
}

export function wireOf(c: Context<DoorEnv>): Wire {
  const { incoming, lambdaEvent } = c.env ?? {};
  if (incoming) return fromNode(c, incoming);
  if (lambdaEvent) return fromLambda(c, lambdaEvent);
  const url = new URL(c.req.url);
  return {
    method: c.req.method,
    rawPath: url.pathname,
    rawQuery: url.search.slice(1),
    headers: c.req.raw.headers,
    source: '',
    readBody: (limit) => fromStream(c.req.raw.body ?? undefined, c.req.raw.headers, limit),
  };
}

function fromNode(c: Context<DoorEnv>, incoming: IncomingMessage): Wire {
  const [rawPath = '', ...query] = (incoming.url ?? '').split('?');
  return {
    method: incoming.method ?? c.req.method,
    rawPath,
    rawQuery: query.join('?'),
    headers: c.req.raw.headers,
    source: incoming.socket.remoteAddress ?? '',
    readBody: (limit) => fromStream(incoming, c.req.raw.headers, limit),
  };
}

function fromLambda(c: Context<DoorEnv>, event: LambdaEvent): Wire {
  return {
    method: event.requestContext.http.method,
    rawPath: event.rawPath,
    rawQuery: event.rawQueryString,
    headers: c.req.raw.headers,
    source: event.requestContext.http.sourceIp ?? '',
    readBody: async (limit) =>
      fromBytes(Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8'), limit),
  };
}
