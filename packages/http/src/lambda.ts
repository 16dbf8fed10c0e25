import { FrsError } from '@openfrs/contract';
import type { Hono } from 'hono';
import type { LambdaContext, LambdaEvent } from './lambda-event.ts';
import type { HttpEnv } from './raw-request.ts';
import { logError } from './request-log.ts';
import { refusal } from './respond.ts';

/** Payload format 2.0. */
export interface LambdaResult {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

/**
 * An app as the handler of an AWS Lambda function. Hono's own adapter builds a web request with the body in it, which throws for a
 * GET that has one; here body, path and query are read from the event. Whatever the event holds, the result is an answer.
 */
export function lambdaHandler(
  app: Hono<HttpEnv>,
): (event: LambdaEvent, context?: LambdaContext) => Promise<LambdaResult> {
  return async (event, context) => {
    const bindings = { lambdaEvent: event, ...(context && { lambdaContext: context }) };
    const request = webRequest(event);
    try {
      return await resultOf(await (request ? app.fetch(request, bindings) : app.fetch(nowhere())));
    } catch (error) {
      return faultOf(error);
    }
  };
}

/** What no operation answers: 404 APIG.0101. */
const nowhere = () => new Request('https://localhost/');

/** What no app answered: API Gateway would answer with a 500 of its own. */
function faultOf(error: unknown): LambdaResult {
  const { headers, body } = refusal(new FrsError('FRS.0018'));
  logError(headers['X-Request-Id'] ?? '', 'unknown', error);
  return { statusCode: 500, headers, body, isBase64Encoded: false };
}

async function resultOf(answer: Response): Promise<LambdaResult> {
  const bytes = Buffer.from(await answer.arrayBuffer());
  const isText = /json|text|javascript|xml/.test(answer.headers.get('content-type') ?? 'text');
  return {
    statusCode: answer.status,
    headers: Object.fromEntries(answer.headers),
    body: bytes.toString(isText ? 'utf8' : 'base64'),
    isBase64Encoded: !isText,
  };
}

/** Undefined for what no path of the API can be: a method that web requests don't have, an event that is none. */
function webRequest(event: LambdaEvent): Request | undefined {
  try {
    return builtRequest(event);
  } catch {
    return undefined;
  }
}

function builtRequest(event: LambdaEvent): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(event.headers ?? {})) addHeader(headers, name, value);
  addHeader(headers, 'cookie', event.cookies?.join('; '));
  const query = event.rawQueryString === '' ? '' : `?${event.rawQueryString}`;
  // API Gateway may have decoded the path: what was `%3F` in it must not begin a query now.
  const path = event.rawPath.replace(/[?#]/g, encodeURIComponent);
  const { domainName } = event.requestContext;
  const hosts = [domainName, headers.get('host')].flatMap((host) => (host ? [`https://${host}`] : []));
  const origin = hosts.find(isOrigin) ?? 'https://localhost';
  return new Request(`${origin}${path.startsWith('/') ? '' : '/'}${path}${query}`, {
    method: event.requestContext.http.method,
    headers,
  });
}

/** Nothing but a host, so that a path can be put behind it. */
function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).href === `${new URL(text).origin}/`;
}

/** Web headers hold bytes: characters above U+00FF, which gateways may have decoded, become their UTF-8 bytes again. */
function addHeader(headers: Headers, name: string, value: string | undefined): void {
  if (value === undefined) return;
  const bytes = /^[\0-\xff]*$/.test(value) ? value : Buffer.from(value, 'utf8').toString('latin1');
  try {
    headers.set(name, bytes);
  } catch {
    // A header that HTTP doesn't allow says nothing to us: no signature can cover it.
  }
}
