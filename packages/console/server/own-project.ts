import { type PipelinePorts, projectPipeline, type RouteOptions } from '@openfrs/http';

/** What a request of the pages passes: the token names the project, not the path, and no API token is let in. */
export const ownProject = <Ports extends PipelinePorts>(options: RouteOptions<Ports>) =>
  projectPipeline(options, undefined, ({ caller }) => caller.projectId);
