import { createHash } from 'node:crypto';
import { FrsError, type Operation } from '@openfrs/contract';
import { authenticate as findCaller, permits } from '@openfrs/core';
import type { Next } from '../pipeline.ts';
import type { PipelinePorts, RequestContext, WithBody, WithCaller, WithPorts } from '../request-context.ts';

type Needed = RequestContext & WithPorts<PipelinePorts> & WithBody;

/**
 * Who is asking: by a token, or by a signature over the raw path, query and body, which is read only for that.
 * @param operation what is asked for; absent: nothing that an API token opens
 * @throws FrsError APIG.0301, APIG.0307, FRS.0002 (also where an API token's scope doesn't have the operation), and what reading the
 * body throws
 */
export function authenticate(operation?: Operation) {
  return async (context: Needed, next: Next<WithCaller>) => {
    const { raw, ports, record, body } = context;
    const { method, rawPath, rawQuery, headers } = raw;
    const bodySha256 = async () =>
      createHash('sha256')
        .update(await body.read())
        .digest('hex');
    const request = { method, rawPath, rawQuery, headers, bodySha256, now: ports.now() };
    const caller = await findCaller(request, ports.identity);
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
