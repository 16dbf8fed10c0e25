import { authorise } from '@openfrs/core';
import type { Next } from '../pipeline.ts';
import type {
  PipelinePorts,
  RequestContext,
  WithCaller,
  WithPorts,
  WithProject,
} from '../request-context.ts';

type Needed = RequestContext & WithPorts<PipelinePorts> & WithCaller;

/**
 * The project of the path, which the caller must own.
 * @param projectIdOf where it is told otherwise
 * @throws FrsError FRS.0002, FRS.0028
 */
export function authorizeProject(
  projectIdOf: (context: RequestContext & WithCaller) => string | undefined = ({ pathParameter }) =>
    pathParameter('project_id'),
) {
  return async (context: Needed, next: Next<WithProject>) => {
    const { record, caller, ports } = context;
    const project = await authorise(caller, projectIdOf(context) ?? '', ports.identity);
    record.projectId = project.id;
    const limit = project.quotas.requestsPerMinute;
    record.rate = { limit, left: limit };
    return await next({ project });
  };
}
