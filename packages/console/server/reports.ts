import { operation, type ParametersOf, readParameters, requests } from '@openfrs/contract';
import { readActions, readWindows } from '@openfrs/core/operations/actions.ts';
import { type MediaPorts, readOneMedia } from '@openfrs/core/operations/media.ts';
import type { AccountsAdmin } from '@openfrs/core/ports/accounts.ts';
import type { LivenessRequest } from '@openfrs/core/ports/liveness.ts';
import { type DoorEnv, type Exchange, type GatewayPorts, maxBodyBytes } from '@openfrs/http';
import { withReservation } from '@openfrs/http/admission/admission.ts';
import type { MemoryReservation } from '@openfrs/http/admission/memory-budget.ts';
import { exchange } from '@openfrs/http/exchange.ts';
import { callerOf, checkRate, checkSubscription, projectOf } from '@openfrs/http/gateway.ts';
import { rawParameters } from '@openfrs/http/parameters.ts';
import { wireOf } from '@openfrs/http/wire.ts';
import { type Context, Hono } from 'hono';
import type { AccountReport } from '../src/data/usage.ts';
import type { UsageCounter } from './usage-counter.ts';

/** What the pages ask for beside the API. */
export interface ReportPorts extends GatewayPorts, MediaPorts, Pick<AccountsAdmin, 'accessKeys'> {
  /** Made at the first video. */
  liveness(): Promise<{ reportVideo(video: Uint8Array, request: LivenessRequest): Promise<unknown> }>;
}

/**
 * `GET /console/usage`: the last hour of the token's project, its quotas and its user's keys. `POST /console/live-report`: what the service saw in a
 * video; it takes what `live-detect` takes, asks for the same subscription, counts against its limit and waits its turn.
 */
export function reportsApp(ports: () => Promise<ReportPorts>, usage: UsageCounter): Hono<DoorEnv> {
  const app = new Hono<DoorEnv>();
  app.get('/console/usage', (c) =>
    exchange('console-usage', async (state) => {
      const world = await ports();
      return await withReservation(world.admission, async (share) => {
        const { project, caller } = await admit(c, share, state, world);
        const keys = await world.accessKeys(caller.userId);
        const account: AccountReport = {
          keys: keys.map(({ id, enabled }) => ({ ak: id, enabled })),
          quotas: project.quotas,
        };
        return { status: 200, body: { ...usage.report(project.id, world.now()), ...account } };
      });
    }),
  );
  app.post('/console/live-report', (c) =>
    exchange('console-live-report', async (state) => {
      const world = await ports();
      return await withReservation(world.admission, async (share) => ({
        status: 200,
        body: await liveReport(c, share, state, world),
      }));
    }),
  );
  return app;
}

/** The token names the project here, not the path. */
async function admit(c: Context<DoorEnv>, share: MemoryReservation, state: Exchange, world: ReportPorts) {
  const wire = wireOf(c);
  const body = await wire.readBody(maxBodyBytes, share);
  const caller = await callerOf(wire, async () => body, world);
  const project = await projectOf(caller, caller.projectId ?? '', state, world);
  return { wire, body, caller, project };
}

async function liveReport(
  c: Context<DoorEnv>,
  share: MemoryReservation,
  state: Exchange,
  world: ReportPorts,
) {
  const judged = operation('live-detect');
  const { wire, body, project } = await admit(c, share, state, world);
  checkSubscription(judged, project);
  await checkRate(judged, project, state, world);
  const raw = rawParameters(judged, wire, body, undefined);
  const given: ParametersOf<'live-detect'> = readParameters(requests['live-detect'], raw);
  const video = await readOneMedia(given.video, project, world);
  const actions = readActions(given.actions);
  const request = {
    actions,
    ...(given.actionTime !== undefined && { windows: readWindows(given.actionTime, actions.length) }),
    nodThreshold: given.nodThreshold,
  };
  const work = async () => (await world.liveness()).reportVideo(video, request);
  const turn = { project: project.id, operation: judged.name };
  return await world.admission.queue.run(turn, work, wire.left);
}
