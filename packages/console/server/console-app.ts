import { answerStatic, type HttpEnv, once, type RouteOptions, staticContent } from '@openfrs/http';
import { Hono } from 'hono';
import { activeCalibration } from './calibration.ts';
import { type OperatorPorts, operatorApp } from './operator/operator-app.ts';
import { consoleHeaders, readPages } from './pages.ts';
import { type ReportPorts, reportsApp } from './reports.ts';
import type { UsageCounter } from './usage-counter.ts';

export { buildPages } from './build.ts';
export type { OperatorPorts } from './operator/operator-app.ts';
export type { ReportPorts } from './reports.ts';
export { createUsageCounter, type UsageCounter } from './usage-counter.ts';

export interface ConsoleOptions {
  /** The folder that `buildPages` returned. */
  readonly pages: string;
  readonly modelsDir: string;
  /** Of what the pages ask for beside the API. */
  readonly reports: RouteOptions<ReportPorts & OperatorPorts>;
  /** Is told of every request by the host. */
  readonly usage: UsageCounter;
}

/**
 * The web console: `/`, its files, and what it asks for beside the API (`/console/…`). It answers exactly those paths
 * and leaves every other to the app it is mounted in.
 */
export async function consoleApp({
  pages: folder,
  modelsDir,
  reports,
  usage,
}: ConsoleOptions): Promise<Hono<HttpEnv>> {
  const pages = await readPages(folder);
  const app = new Hono<HttpEnv>();
  for (const page of pages) app.get(page.path, (c) => answerStatic(c, page));
  // Of the model that this process has loaded.
  const calibration = once(async () =>
    staticContent(JSON.stringify(await activeCalibration(modelsDir)), {
      ...consoleHeaders,
      'Content-Type': 'application/json',
      'Cache-Control': 'no-cache',
    }),
  );
  app.get('/console/calibration.json', async (c) => answerStatic(c, await calibration()));
  app.on('GET', '/console/*', async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(consoleHeaders)) c.header(name, value);
  });
  app.route('/', reportsApp(reports, usage));
  app.route('/', operatorApp(reports, usage));
  return app;
}
