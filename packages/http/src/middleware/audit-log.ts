import type { Next } from '../pipeline.ts';
import type { WithRecord } from '../request-context.ts';
import type { OnRequest } from '../request-log.ts';
import type { HttpResult } from '../respond.ts';

/** Tells of each request once, with its final status: the outermost middleware. */
export function auditLog(onRequest: OnRequest) {
  return async (context: WithRecord, next: Next): Promise<HttpResult> => {
    const started = performance.now();
    const result = await next({});
    const { requestId, operation, projectId, userId, tokenId, errorCode } = context.record;
    onRequest({
      level: 'audit',
      time: new Date().toISOString(),
      request_id: requestId,
      operation,
      ...(projectId !== undefined && { project_id: projectId }),
      ...(userId !== undefined && { user_id: userId }),
      ...(tokenId !== undefined && { token_id: tokenId }),
      status: result.status,
      ...(errorCode !== undefined && { code: errorCode }),
      ms: Math.round(performance.now() - started),
      ...facesIn(result.body),
    });
    return result;
  };
}

function facesIn(body: unknown): { readonly faces?: number } {
  const { faces } = (body ?? {}) as { readonly faces?: unknown };
  return Array.isArray(faces) ? { faces: faces.length } : {};
}
