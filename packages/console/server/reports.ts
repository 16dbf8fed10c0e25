import { FrsError, operation, requests } from '@openfrs/contract';
import {
  type AccountsAdmin,
  type FaceSets,
  type LivenessRequest,
  type MediaPorts,
  readActions,
  readOneMedia,
  readWindows,
} from '@openfrs/core';
import {
  awaitTurn,
  checkCapacity,
  type HttpEnv,
  type PipelinePorts,
  parameters,
  type RouteOptions,
  rateLimit,
  subscription,
} from '@openfrs/http';
import { Hono } from 'hono';
import { type CropReader, showCrops } from './crops.ts';
import { ownProject } from './own-project.ts';
import type { UsageCounter } from './usage-counter.ts';
import type { AccountReport } from './usage-report.ts';

/** What the pages ask for beside the API. */
export interface ReportPorts extends PipelinePorts, MediaPorts, Pick<AccountsAdmin, 'accessKeys'> {
  /** Made at the first video. */
  liveness(): Promise<{
    reportVideo(video: Uint8Array, request: LivenessRequest, signal?: AbortSignal): Promise<unknown>;
  }>;
  readonly faceSets: Pick<FaceSets, 'get' | 'keepsCrops'> & CropReader;
}

/**
 * `GET /console/usage`: the last hour of the token's project, its quotas and its user's keys. `POST /console/live-report`: what the service saw in a
 * video; it takes what `live-detect` takes, asks for the same subscription, counts against its limit and waits its turn.
 * `POST /console/crops`: crops of faces, where they are kept.
 */
export function reportsApp(options: RouteOptions<ReportPorts>, usage: UsageCounter): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>();
  app.get('/console/usage', showUsage(options, usage));
  app.post('/console/live-report', reportVideo(options));
  app.post('/console/crops', showCrops(options));
  return app;
}

function showUsage(options: RouteOptions<ReportPorts>, usage: UsageCounter) {
  return ownProject(options).handle('console-usage', async ({ caller, project, ports }) => {
    const account: AccountReport = {
      keys: (await ports.accessKeys(caller.userId)).map(({ id, enabled }) => ({ ak: id, enabled })),
      quotas: project.quotas,
    };
    return { status: 200, body: { ...usage.report(project.id, ports.now()), ...account } };
  });
}

function reportVideo(options: RouteOptions<ReportPorts>) {
  const liveDetect = operation('live-detect');
  return ownProject(options)
    .use(subscription(liveDetect))
    .use(rateLimit(liveDetect))
    .use(checkCapacity(liveDetect))
    .use(parameters(liveDetect, requests['live-detect']))
    .use(awaitTurn(liveDetect))
    .handle('console-live-report', async ({ parameters: given, project, ports, signal }) => {
      // A challenge is used up by the verdict that this explains.
      if (given.actions === undefined) throw new FrsError('FRS.0011', 'Parameter: actions.');
      const video = await readOneMedia(given.video, project, ports);
      const actions = readActions(given.actions);
      const request = {
        actions,
        ...(given.actionTime !== undefined && { windows: readWindows(given.actionTime, actions.length) }),
        nodThreshold: given.nodThreshold,
      };
      const liveness = await ports.liveness();
      return { status: 200, body: await liveness.reportVideo(video, request, signal) };
    });
}
