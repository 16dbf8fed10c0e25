import type { Context } from 'hono';
import { type HttpEnv, rawRequest } from '../raw-request.ts';
import type { RequestContext } from '../request-context.ts';
import { newRequestId } from '../respond.ts';

/** What a request carries when it arrives. */
export function createRequestContext(c: Context<HttpEnv>, operation: string): RequestContext {
  return {
    record: { requestId: newRequestId(), operation },
    raw: rawRequest(c),
    pathParameter: (name) => c.req.param(name),
  };
}
