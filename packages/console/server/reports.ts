import { operation, type ParametersOf, readParameters, requests } from '@openfrs/contract';
import { readActions, readWindows } from '@openfrs/core/operations/actions.ts';
import { type MediaPorts, readOneMedia } from '@openfrs/core/operations/media.ts';
import type { AccountsAdmin } from '@openfrs/core/ports/accounts.ts';
import type { LivenessRequest } from '@openfrs/core/ports/liveness.ts';
import { type DoorEnv, type Exchange, type GatewayPorts, maxBodyBytes } from '@openfrs/http';
import { exchange } from '@openfrs/http/exchange.ts';
import { callerOf, checkCapacity, checkRate, checkSubscription, projectOf } from '@openfrs/http/gateway.ts';
import { handleRequest, type RequestContext } from '@openfrs/http/handle-request.ts';
import { rawParameters } from '@openfrs/http/parameters.ts';
import { Hono } from 'hono';
import type { AccountReport } from '../site/api/usage.ts';
import type { UsageCounter } from './usage-counter.ts';

/** What the pages ask for beside the API. */
export interface ReportPorts extends GatewayPorts, MediaPorts, Pick<AccountsAdmin, 'accessKeys'> {
  /** Made at the first video. */
  liveness(): Promise<{
    reportVideo(video: Uint8Array, request: LivenessRequest, signal?: AbortSignal): Promise<unknown>;
  }>;
}

/**
 * `GET /console/usage`: the last hour of the token's project, its quotas and its user's keys. `POST /console/live-report`: what the service saw in a
 * video; it takes what `live-detect` takes, asks for the same subscription, counts against its limit and waits its turn.
 */
export function reportsApp(ports: () => Promise<ReportPorts>, usage: UsageCounter): Hono<DoorEnv> {
  const app = new Hono<DoorEnv>();
  app.get('/console/usage', (c) =>
    exchange('console-usage', (state) =>
      handleRequest(c, maxBodyBytes, ports, async (context) => {
        const { project, caller } = await admit(context, state);
        const { accessKeys, now } = context.ports;
        const account: AccountReport = {
          keys: (await accessKeys(caller.userId)).map(({ id, enabled }) => ({ ak: id, enabled })),
          quotas: project.quotas,
        };
        return { status: 200, body: { ...usage.report(project.id, now()), ...account } };
      }),
    ),
  );
  app.post('/console/live-report', (c) =>
    exchange('console-live-report', (state) =>
      handleRequest(c, maxBodyBytes, ports, async (context) => ({
        status: 200,
        body: await liveReport(context, state),
      })),
    ),
  );
  return app;
}

/** The token names the project here, not the path. A body is read only where a signature covers it. */
async function admit({ wire, body, ports }: RequestContext<ReportPorts>, state: Exchange) {
  const caller = await callerOf(wire, body, ports);
  const project = await projectOf(caller, caller.projectId ?? '', state, ports);
  return { caller, project };
}

async function liveReport(context: RequestContext<ReportPorts>, state: Exchange) {
  const { wire, ports, body } = context;
  const judged = operation('live-detect');
  const { project } = await admit(context, state);
  checkSubscription(judged, project);
  await checkRate(judged, project, state, ports);
  checkCapacity(judged, project, ports);
  const raw = rawParameters(judged, wire, await body(), undefined);
  const given: ParametersOf<'live-detect'> = readParameters(requests['live-detect'], raw);
  const video = await readOneMedia(given.video, project, ports);
  const actions = readActions(given.actions);
  const request = {
    actions,
    ...(given.actionTime !== undefined && { windows: readWindows(given.actionTime, actions.length) }),
    nodThreshold: given.nodThreshold,
  };
  const flow = { project: project.id, operation: judged.name };
  return await context.inTurn(flow, async () =>
    (await ports.liveness()).reportVideo(video, request, context.signal),
  );
}
