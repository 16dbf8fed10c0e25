import { operation as operationOf } from '@openfrs/contract';
import type { Hono } from 'hono';
import { createApp, routePath } from './create-app.ts';
import type { OperationHandler } from './operation-handler.ts';
import type { HttpEnv } from './raw-request.ts';
import type { PipelinePorts } from './request-context.ts';
import type { RouteOptions } from './request-pipelines.ts';

/**
 * An operation as a Hono app that answers on its paths, in the contract's order of checks (`packages/contract/README.md`).
 * Nothing is opened before its first request.
 */
export function createOperationApp(
  handler: OperationHandler,
  options: RouteOptions<PipelinePorts>,
): Hono<HttpEnv> {
  const operation = operationOf(handler.name);
  const app = createApp(options.onRequest);
  app.on(
    operation.method,
    operation.paths.map(routePath),
    handler.route(handler as never, operation, options),
  );
  return app;
}
