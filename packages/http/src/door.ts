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
import { type Context, Hono } from 'hono';
import { needsAdmission, withReservation } from './admission/admission.ts';
import type { MemoryReservation } from './admission/memory-budget.ts';
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
import { notFound, refuseHead, routePath } from './not-found.ts';
import { rawParameters } from './parameters.ts';
import { type DoorEnv, type Wire, wireOf } from './wire.ts';

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
  const app = new Hono<DoorEnv>();
  app.notFound(notFound);
  app.on(operation.method, operation.paths.map(routePath), (c) =>
    exchange(name, async (state) => {
      refuseHead(c);
      state.rate = { limit: 0, used: 0 };
      const world = await ports();
      return await withReservation(world.admission, async (share) => {
        const wire = wireOf(c);
        const { project, raw } = await admit(c, wire, share, operation, state, world).catch(async (error) => {
          await wire.dropBody();
          throw error;
        });
        const parameters = readParameters(request, raw);
        const work = () => useCase(parameters, project, world, wire.left);
        const turn = needsAdmission(operation)
          ? world.admission.queue.run({ project: project.id, operation: name }, work, wire.left)
          : work();
        return { status: 200, body: await turn };
      });
    }),
  );
  return app;
}

/**
 * All that comes before the parameters. The raw body ends here: while the use case works, only what it needs is held. A body
 * whose size is told is read no sooner than it is needed: a flood that is refused then costs little.
 */
async function admit(
  c: Context<DoorEnv>,
  wire: Wire,
  share: MemoryReservation,
  operation: Operation,
  state: Exchange,
  world: GatewayPorts,
) {
  let reading: Promise<Uint8Array> | undefined;
  const body = () => (reading ??= wire.readBody(maxBodyBytes, share));
  const size = Number(wire.headers.get('content-length') ?? Number.NaN);
  if (!(size <= maxBodyBytes)) await body();
  const caller = await callerOf(wire, body, world);
  const project = await projectOf(caller, c.req.param('project_id') ?? '', state, world);
  checkSubscription(operation, project);
  await checkRate(operation, project, state, world);
  if (needsAdmission(operation)) checkCapacity(operation, project, world);
  return { project, raw: rawParameters(operation, wire, await body(), c.req.param('face_set_name')) };
}
