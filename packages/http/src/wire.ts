import type { IncomingMessage } from 'node:http';
import type { Context } from 'hono';
import type { MemoryReservation } from './admission/memory-budget.ts';
import type { LambdaEvent } from './lambda.ts';
import { dropStream, fromBytes, fromStream } from './limited-body.ts';

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
  /** Aborts when the client leaves before it is answered. */
  readonly left: AbortSignal;
  /** Reads the whole body. @throws FrsError APIG.0201 over `limit` bytes, FRS.0033 over the share; neither is then kept */
  readBody(limit: number, share: MemoryReservation): Promise<Uint8Array>;
  /** Lets a body that nobody will read pass by, so that its sender gets to read the answer. */
  dropBody(): Promise<void>;
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
    left: c.req.raw.signal,
    readBody: (limit, share) => fromStream(c.req.raw.body ?? undefined, c.req.raw.headers, limit, share),
    dropBody: async () => {},
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
    left: c.req.raw.signal,
    readBody: (limit, share) => fromStream(incoming, c.req.raw.headers, limit, share),
    dropBody: () => dropStream(incoming),
  };
}

function fromLambda(c: Context<DoorEnv>, event: LambdaEvent): Wire {
  return {
    method: event.requestContext.http.method,
    rawPath: event.rawPath,
    rawQuery: event.rawQueryString,
    headers: c.req.raw.headers,
    source: event.requestContext.http.sourceIp ?? '',
    left: c.req.raw.signal,
    // The runtime has read it already, and runs one request at a time.
    readBody: async (limit) =>
      fromBytes(Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8'), limit),
    dropBody: async () => {},
  };
}
