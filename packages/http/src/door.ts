import {
  type FrsOperationName,
  type Operation,
  operation as operationOf,
  type ParametersOf,
  type RequestSchema,
  readParameters,
  requests,
} from '@openfrs/contract';
import type { UseCase } from '@openfrs/core/operations/use-case.ts';
import type { Context, Hono } from 'hono';
import { needsAdmission } from './admission/admission.ts';
import { type Exchange, exchange } from './exchange.ts';
import {
  callerOf,
  checkCapacity,
  checkRate,
  checkSubscription,
  type GatewayPorts,
  maxBodyBytes,
  projectOf,
} from './gateway.ts';
import { handleRequest, type RequestContext } from './handle-request.ts';
import { httpApp, routePath } from './not-found.ts';
import { rawParameters } from './parameters.ts';
import type { DoorEnv } from './wire.ts';

/**
 * The door of one operation: a Hono app that answers on the operation's paths, in the contract's order of checks:
 * size → authentication → project → subscription → rate limit → (room in the line of heavy operations) → body →
 * parameters → (heavy operations wait their turn) → the use case.
 * @param ports called at the first request, so that importing a door costs nothing
 */
export function door<Name extends FrsOperationName, Ports extends GatewayPorts, Result>(
  name: Name,
  useCase: UseCase<ParametersOf<Name>, Ports, Result>,
  ports: () => Ports | Promise<Ports>,
): Hono<DoorEnv> {
  const operation = operationOf(name);
  const request = requests[name] as RequestSchema<ParametersOf<Name>>;
  const app = httpApp();
  app.on(operation.method, operation.paths.map(routePath), (c) =>
    exchange(name, async (state) => {
      state.rate = { limit: 0, used: 0 };
      return await handleRequest(c, maxBodyBytes, ports, async (context) => {
        const { project, parameters } = await admit(c, context, operation, request, state);
        const work = () => useCase(parameters, project, context.ports, context.signal);
        const flow = { project: project.id, operation: name };
        return { status: 200, body: await (needsAdmission(operation) ? context.inTurn(flow, work) : work()) };
      });
    }),
  );
  return app;
}

/**
 * All that comes before the use case. The raw body ends here: while the use case waits and works, only what it needs is held. A body
 * is read no sooner than it is needed: whoever has no credential, or no capacity, is refused without it.
 */
async function admit<Parameters>(
  c: Context<DoorEnv>,
  { wire, body, ownedBy, hold, ports }: RequestContext<GatewayPorts>,
  operation: Operation,
  request: RequestSchema<Parameters>,
  state: Exchange,
) {
  const caller = await callerOf(wire, body, ports);
  const project = await projectOf(caller, c.req.param('project_id') ?? '', state, ports);
  checkSubscription(operation, project);
  await checkRate(operation, project, state, ports);
  if (needsAdmission(operation)) checkCapacity(operation, project, ports);
  ownedBy(project.id);
  const raw = rawParameters(operation, wire, await body(), c.req.param('face_set_name'));
  return { project, parameters: hold(readParameters(request, raw)) };
}
