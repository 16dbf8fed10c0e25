import type { Operation } from '@openfrs/contract';
import { allowedMethod } from './middleware/allowed-method.ts';
import { auditLog } from './middleware/audit-log.ts';
import { authenticate } from './middleware/authenticate.ts';
import { authorizeProject } from './middleware/authorize-project.ts';
import { bodyBudget } from './middleware/body-budget.ts';
import { bodyLimit } from './middleware/body-limit.ts';
import { deadline } from './middleware/deadline.ts';
import { errorMapping } from './middleware/error-mapping.ts';
import { ports } from './middleware/ports.ts';
import { rateHeaders } from './middleware/rate-limit.ts';
import { Pipeline } from './pipeline.ts';
import type { PipelinePorts, RequestContext } from './request-context.ts';
import type { OnRequest } from './request-log.ts';

/** Of any request's body (APIG.0201). */
const maxBodyBytes = 12 * 1024 * 1024;
/** Of the body of a request to IAM: the largest that has a use is below 2 kB, and anybody may send one. */
const maxIamBodyBytes = 64 * 1024;

export interface RouteOptions<Ports> {
  /** Called by each request that passes the checks before it. */
  readonly ports: () => Ports | Promise<Ports>;
  readonly onRequest: OnRequest;
}

/** What a request to IAM passes before its operation, or its credential, is looked at. */
export function iamPipeline<Ports extends PipelinePorts>({ ports, onRequest }: RouteOptions<Ports>) {
  return withBody(logged(onRequest), maxIamBodyBytes, ports);
}

/**
 * What every request of a project passes: to FRS, and from the console.
 * @param operation absent from the console, which no API token opens
 * @param projectIdOf preset: the path's
 */
export function projectPipeline<Ports extends PipelinePorts>(
  { ports, onRequest }: RouteOptions<Ports>,
  operation?: Operation,
  projectIdOf?: Parameters<typeof authorizeProject>[0],
) {
  return withBody(logged(onRequest).use(rateHeaders), maxBodyBytes, ports)
    .use(authenticate(operation))
    .use(authorizeProject(projectIdOf));
}

function logged(onRequest: OnRequest) {
  return Pipeline.create().use(auditLog(onRequest)).use(errorMapping);
}

function withBody<Ports extends PipelinePorts>(
  pipeline: Pipeline<RequestContext>,
  maxBytes: number,
  resolve: RouteOptions<Ports>['ports'],
) {
  return pipeline
    .use(allowedMethod)
    .use(bodyLimit(maxBytes, resolve))
    .use(deadline)
    .use(ports(resolve))
    .use(bodyBudget);
}
