import { createHash } from 'node:crypto';
import { authenticate as findCaller } from '@openfrs/core';
import type { Next } from '../pipeline.ts';
import type { PipelinePorts, RequestContext, WithBody, WithCaller, WithPorts } from '../request-context.ts';

/**
 * Who is asking: by a token, or by a signature over the raw path, query and body, which is read only for that.
 * @throws FrsError APIG.0301, APIG.0307, FRS.0002, and what reading the body throws
 */
export async function authenticate(
  context: RequestContext & WithPorts<PipelinePorts> & WithBody,
  next: Next<WithCaller>,
) {
  const { raw, ports, record, body } = context;
  const { method, rawPath, rawQuery, headers } = raw;
  const bodySha256 = async () =>
    createHash('sha256')
      .update(await body.read())
      .digest('hex');
  const request = { method, rawPath, rawQuery, headers, bodySha256, now: ports.now() };
  const caller = await findCaller(request, ports.identity);
  record.userId = caller.userId;
  return await next({ caller });
}
