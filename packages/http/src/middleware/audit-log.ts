import { observedRequest } from '@openfrs/core/observation';
import type { Next } from '../pipeline.ts';
import type { RequestContext, WithRecord } from '../request-context.ts';
import type { OnRequest } from '../request-log.ts';
import type { HttpResult } from '../respond.ts';

/** Tells of each request once, with its final status: the outermost middleware. */
export function auditLog(onRequest: OnRequest) {
  return async (
    { record, raw }: WithRecord & Partial<Pick<RequestContext, 'raw'>>,
    next: Next,
  ): Promise<HttpResult> => {
    const started = performance.now();
    const { requestId, operation } = record;
    const headers = raw && { headers: raw.headers };
    const request = { requestId, operation, startedAt: Date.now(), ...headers };
    const result = await observedRequest(
      request,
      () => next({}),
      () => record.errorCode,
    );
    const { projectId, userId, tokenId, target, errorCode } = record;
    onRequest({
      level: 'audit',
      time: new Date().toISOString(),
      request_id: requestId,
      operation,
      ...(projectId !== undefined && { project_id: projectId }),
      ...(userId !== undefined && { user_id: userId }),
      ...(tokenId !== undefined && { token_id: tokenId }),
      ...(target !== undefined && { target }),
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
