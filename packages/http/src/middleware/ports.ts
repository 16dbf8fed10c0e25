import type { Next } from '../pipeline.ts';
import type { PipelinePorts, RequestContext, WithDeadline, WithPorts } from '../request-context.ts';

/** Opens what the operation needs, at its first request. */
export function ports<Ports extends PipelinePorts>(resolve: () => Ports | Promise<Ports>) {
  return async (context: RequestContext & WithDeadline, next: Next<WithPorts<Ports>>) => {
    const given = await resolve();
    context.deadline.configure(given.deadlines);
    return await next({ ports: given });
  };
}
