import { createHash } from 'node:crypto';
import { FrsError, type Operation } from '@openfrs/contract';
import { type AuthRequest, authenticate as findCaller, permits } from '@openfrs/core';
import type { Next } from '../pipeline.ts';
import type { PipelinePorts, RequestContext, WithBody, WithCaller, WithPorts } from '../request-context.ts';

type Needed = RequestContext & WithPorts<PipelinePorts> & WithBody;

/** What tells who is asking. Its body is read only where a signature covers it. */
export function authRequestOf({ raw, ports, body }: Needed): AuthRequest {
  const { method, rawPath, rawQuery, headers } = raw;
  const bodySha256 = async () =>
    createHash('sha256')
      .update(await body.read())
      .digest('hex');
  return { method, rawPath, rawQuery, headers, bodySha256, now: ports.now() };
}

/**
 * Who is asking: by a token, or by a signature over the raw path, query and body, which is read only for that.
 * @param operation what is asked for; absent: nothing that an API token opens
 * @throws FrsError APIG.0301, APIG.0307, FRS.0002 (also where an API token's scope doesn't have the operation), and what reading the
 * body throws
 */
export function authenticate(operation?: Operation) {
  return async (context: Needed, next: Next<WithCaller>) => {
    const { ports, record } = context;
    const caller = await findCaller(authRequestOf(context), ports.identity);
    record.userId = caller.userId;
    const { scope } = caller;
    if (scope !== undefined) {
      record.tokenId = scope.tokenId;
      const isOpen = operation && permits(scope, operation, context.pathParameter('face_set_name'));
      if (!isOpen) throw new FrsError('FRS.0002');
    }
    return await next({ caller });
  };
}
