import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { Context } from 'hono';
import type { DrainBudget } from './admission/drain-budget.ts';
import type { LambdaContext, LambdaEvent } from './lambda-event.ts';
import { type BodyReading, checkSize, drainStream, readStream } from './read-body.ts';

/** What runtimes put beside the web request. */
export interface Bindings {
  /** Node's own request (`@hono/node-server`). */
  readonly incoming?: IncomingMessage;
  /** Its client, where the host tells clients behind a proxy apart. */
  readonly remoteAddress?: string;
  readonly lambdaEvent?: LambdaEvent;
  readonly lambdaContext?: LambdaContext;
}
export type HttpEnv = { Bindings: Bindings };

/**
 * A request as it was on the wire. Signatures are over the raw path, query and body, which a web `Request` has
 * normalised, and a web GET can have no body; the Node client signs one.
 */
export interface RawRequest {
  readonly method: string;
  readonly rawPath: string;
  /** Without `?`. */
  readonly rawQuery: string;
  readonly headers: { get(name: string): string | null };
  /** Bytes of the body, by its Content-Length; NaN where the sender told none. */
  readonly declaredBytes: number;
  /** `https://host` as far as it can be read from the request, for links only: nothing checks it. */
  readonly origin: string;
  /** The address it came from, as far as it is known. */
  readonly remoteAddress: string;
  /** Aborts when the client leaves before it is answered. */
  readonly clientSignal: AbortSignal;
  /** Milliseconds until the host ends the request, where it does. */
  readonly remainingMs?: number;
  /** Reads the whole body, once. @throws FrsError as `readStream` */
  readBody(reading: BodyReading): Promise<Uint8Array>;
  /** Lets the rest of a body that was refused pass by, so that its sender gets to read the answer. */
  drainBody(budgetOf: () => Promise<DrainBudget>): Promise<void>;
}

export function rawRequest(c: Context<HttpEnv>): RawRequest {
  const { incoming, remoteAddress, lambdaEvent, lambdaContext } = c.env ?? {};
  if (incoming) return fromNode(c, incoming, remoteAddress ?? incoming.socket.remoteAddress ?? '');
  if (lambdaEvent) return fromLambda(c, lambdaEvent, lambdaContext);
  const { method, headers, signal, body } = c.req.raw;
  return {
    method,
    ...target(c.req.url),
    headers,
    declaredBytes: declaredBytes(headers),
    remoteAddress: '',
    clientSignal: signal,
    readBody: (reading) =>
      readStream(body ? Readable.fromWeb(body as ReadableStream) : Readable.from([]), reading),
    drainBody: async () => {},
  };
}

function fromNode(c: Context<HttpEnv>, incoming: IncomingMessage, remoteAddress: string): RawRequest {
  const { rawPath, rawQuery } = target(incoming.url ?? '');
  const { headers } = c.req.raw;
  const declared = declaredBytes(headers);
  return {
    method: incoming.method ?? c.req.method,
    rawPath,
    rawQuery,
    headers,
    declaredBytes: declared,
    origin: target(c.req.url).origin,
    remoteAddress,
    clientSignal: c.req.raw.signal,
    readBody: (reading) => readStream(incoming, { told: declared, ...reading }),
    drainBody: (budgetOf) => drainStream(incoming, declared, budgetOf),
  };
}

function fromLambda(c: Context<HttpEnv>, event: LambdaEvent, context: LambdaContext | undefined): RawRequest {
  const remainingMs = context?.getRemainingTimeInMillis();
  return {
    method: event.requestContext.http.method,
    rawPath: event.rawPath,
    rawQuery: event.rawQueryString,
    headers: c.req.raw.headers,
    declaredBytes: declaredBytes(c.req.raw.headers),
    origin: target(c.req.url).origin,
    remoteAddress: event.requestContext.http.sourceIp ?? '',
    clientSignal: c.req.raw.signal,
    ...(remainingMs !== undefined && { remainingMs }),
    // The runtime has read it already, and runs one request at a time.
    readBody: async ({ limit }) => {
      const bytes = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
      checkSize(bytes.length, limit);
      return bytes;
    },
    drainBody: async () => {},
  };
}

function declaredBytes(headers: Headers): number {
  return Number(headers.get('content-length') ?? Number.NaN);
}

/** The parts of a request's target, in origin or absolute form. Unlike `new URL`, it takes any text. */
function target(text: string): { origin: string; rawPath: string; rawQuery: string } {
  const origin = /^https?:\/\/[^/?#]*/i.exec(text)?.[0] ?? '';
  const rest = text.slice(origin.length);
  const cut = rest.indexOf('?');
  return cut < 0
    ? { origin, rawPath: rest, rawQuery: '' }
    : { origin, rawPath: rest.slice(0, cut), rawQuery: rest.slice(cut + 1) };
}
