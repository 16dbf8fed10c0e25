import { type FrsOperationName, type Operation, type OperationName, requests } from '@openfrs/contract';
import { type Caller, FaceSetReplaced, type UseCase } from '@openfrs/core';
import type { Context } from 'hono';
import { type IamRequest, iamRequest } from './iam-request.ts';
import { awaitTurn, checkCapacity } from './middleware/admission.ts';
import { authenticate } from './middleware/authenticate.ts';
import { parameters } from './middleware/parameters.ts';
import { rateLimit } from './middleware/rate-limit.ts';
import { subscription } from './middleware/subscription.ts';
import type { HttpEnv } from './raw-request.ts';
import type { PipelinePorts } from './request-context.ts';
import { iamPipeline, projectPipeline, type RouteOptions } from './request-pipelines.ts';
import type { HttpResult } from './respond.ts';

/** All that a request to an operation passes, as Hono's handler. */
export type Route<Handler> = (
  handler: Handler,
  operation: Operation,
  options: RouteOptions<PipelinePorts>,
) => (c: Context<HttpEnv>) => Promise<Response>;

/** For `auth: 'project'`. */
export const projectRoute: Route<{
  readonly name: FrsOperationName;
  readonly run: UseCase<object, PipelinePorts, unknown>;
}> = ({ name, run }, operation, options) =>
  projectPipeline(options, operation)
    .use(subscription(operation))
    .use(rateLimit(operation))
    .use(checkCapacity(operation))
    .use(parameters<object>(operation, requests[name]))
    .use(awaitTurn(operation))
    .handle(name, async (context) => {
      const { caller, parameters: given, project, signal } = context;
      // Media lies in face sets, too, and is read behind the ports.
      const ports = caller.scope === undefined ? context.ports : { ...context.ports, scope: caller.scope };
      return { status: 200, body: await onCurrentSet(() => run(given, project, ports, signal)) };
    });

/** Once more where the face set was reindexed under the request: nothing had been done. */
async function onCurrentSet<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof FaceSetReplaced) return await work();
    throw error;
  }
}

/** For `auth: 'account'`. */
export const accountRoute: Route<{
  readonly name: OperationName;
  readonly run: (caller: Caller, request: IamRequest<PipelinePorts>) => Promise<unknown>;
}> = ({ name, run }, operation, options) =>
  iamPipeline(options)
    .use(authenticate(operation))
    .handle(name, async (context) => ({
      status: 200,
      body: await run(context.caller, await iamRequest(context, operation)),
    }));

/** For `auth: 'none'`. */
export const openRoute: Route<{
  readonly name: OperationName;
  readonly run: (request: IamRequest<PipelinePorts>) => Promise<HttpResult>;
}> = ({ name, run }, operation, options) =>
  iamPipeline(options).handle(name, async (context) => run(await iamRequest(context, operation)));
