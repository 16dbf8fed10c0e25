import { FrsError, type Operation } from '@openfrs/contract';
import type { Next } from '../pipeline.ts';
import type { PipelinePorts, RequestContext, WithPorts, WithProject } from '../request-context.ts';

type Needed = RequestContext & WithPorts<PipelinePorts> & WithProject;

/** Counts the request against the project's limit a minute and operation. @throws FrsError FRS.0033 */
export function rateLimit({ name }: Operation) {
  return async (context: Needed, next: Next) => {
    const { record, project, ports } = context;
    const limit = project.quotas.requestsPerMinute;
    if (limit > 0) {
      const count = await ports.rateLimits.hit(project.id, name, ports.now());
      record.rate = { limit, left: Math.max(limit - count, 0) };
      if (count > limit) {
        const retryAfterSeconds = 60 - Math.floor((ports.now().getTime() / 1000) % 60);
        throw new FrsError('FRS.0033', undefined, { retryAfterSeconds });
      }
    }
    return await next({});
  };
}

/** The headers of the rate limit are on all answers from here on; before a project is known they say that there is none. */
export async function rateHeaders(context: RequestContext, next: Next) {
  context.record.rate = { limit: 0, left: 0 };
  return await next({});
}
