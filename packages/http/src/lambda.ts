import type { Hono } from 'hono';
import type { DoorEnv } from './wire.ts';

/** What is read of an API Gateway event (HTTP API or function URL, payload format 2.0). */
export interface LambdaEvent {
  readonly rawPath: string;
  readonly rawQueryString: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly cookies?: readonly string[];
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
  readonly requestContext: {
    readonly domainName?: string;
    readonly http: { readonly method: string; readonly sourceIp?: string };
  };
}

/** Payload format 2.0. */
export interface LambdaResult {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

/**
 * Wraps a door for AWS Lambda. Hono's own adapter builds a web request with the body in it, which throws for a
 * GET that has one; here the doors read body, path and query from the event.
 */
export function lambda(app: Hono<DoorEnv>): (event: LambdaEvent) => Promise<LambdaResult> {
  return async (event) => {
    const answer = await app.fetch(webRequest(event), { lambdaEvent: event });
    const bytes = Buffer.from(await answer.arrayBuffer());
    const isText = /json|text|javascript|xml/.test(answer.headers.get('content-type') ?? 'text');
    return {
      statusCode: answer.status,
      headers: Object.fromEntries(answer.headers),
      body: bytes.toString(isText ? 'utf8' : 'base64'),
      isBase64Encoded: !isText,
    };
  };
}

function webRequest(event: LambdaEvent): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(event.headers)) {
    if (value !== undefined) headers.set(name, value);
  }
  if (event.cookies?.length) headers.set('cookie', event.cookies.join('; '));
  const host = event.requestContext.domainName ?? headers.get('host') ?? 'localhost';
  const query = event.rawQueryString === '' ? '' : `?${event.rawQueryString}`;
  // API Gateway may have decoded the path: what was `%3F` in it must not begin a query now.
  const path = event.rawPath.replace(/[?#]/g, encodeURIComponent);
  return new Request(`https://${host}${path}${query}`, {
    method: event.requestContext.http.method,
    headers,
  });
}
