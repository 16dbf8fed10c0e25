import { FrsError } from '@openfrs/contract';
import { Hono } from 'hono';
import { auditLog } from './middleware/audit-log.ts';
import { errorMapping } from './middleware/error-mapping.ts';
import type { HttpEnv } from './raw-request.ts';
import type { OnRequest } from './request-log.ts';
import { newRequestId, respond } from './respond.ts';

/** An app in which unknown paths and methods are 404 APIG.0101, and errors outside of a pipeline get the contract's answers, too. */
export function createApp(onRequest: OnRequest): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>();
  app.notFound(() => respondError(new FrsError('APIG.0101'), onRequest));
  app.onError((error) => respondError(error, onRequest));
  return app;
}

/** Answers a request that reaches no operation, and logs it. */
export async function respondError(error: unknown, onRequest: OnRequest): Promise<Response> {
  const context = { record: { requestId: newRequestId(), operation: 'unknown' } };
  const fail = async () => {
    throw error;
  };
  const result = await auditLog(onRequest)(context, () => errorMapping(context, fail));
  return await respond(context.record, result);
}

/** `/v2/{project_id}/face-sets` as Hono writes it: `/v2/:project_id/face-sets`. */
export function routePath(template: string): string {
  return template.replace(/\{(\w+)\}/g, ':$1');
}
