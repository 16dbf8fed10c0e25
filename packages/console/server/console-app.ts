import type { DoorEnv } from '@openfrs/http';
import { onAudit } from '@openfrs/http';
import { type Context, Hono } from 'hono';
import { activeCalibration } from './calibration.ts';
import { type Page, readPages } from './pages.ts';
import { permissions, policy } from './policy.ts';
import { type ReportPorts, reportsApp } from './reports.ts';
import { createUsageCounter } from './usage-counter.ts';

export { buildPages } from './build.ts';
export type { ReportPorts } from './reports.ts';

export interface ConsoleOptions {
  /** The folder that `buildPages` returned. */
  readonly pages: string;
  readonly modelsDir: string;
  /** Called by each request that needs them. */
  readonly ports: () => Promise<ReportPorts>;
}

export interface Console {
  readonly app: Hono<DoorEnv>;
  /** Ends the counting of requests. */
  close(): void;
}

const headers: Readonly<Record<string, string>> = {
  'Content-Security-Policy': policy,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Permissions-Policy': permissions,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/**
 * The web console: `/`, its files, and what it asks for beside the API (`/console/…`). It answers exactly those paths
 * and leaves every other to the app it is mounted in.
 */
export async function consoleApp({ pages: folder, modelsDir, ports }: ConsoleOptions): Promise<Console> {
  const pages = await readPages(folder);
  const usage = createUsageCounter();
  const app = new Hono<DoorEnv>();
  app.on('GET', ['/console/*', ...pages.map(({ path }) => path)], async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(headers)) c.header(name, value);
  });
  for (const page of pages) app.get(page.path, (c) => answer(c, page));
  app.get('/console/calibration.json', async (c) =>
    c.json(await activeCalibration(modelsDir), 200, { 'Cache-Control': 'no-cache' }),
  );
  app.route('/', reportsApp(ports, usage));
  return { app, close: onAudit(usage.take) };
}

function answer(c: Context<DoorEnv>, { type, bytes, zipped, immutable }: Page): Response {
  const zip = /\bgzip\b/.test(c.req.header('Accept-Encoding') ?? '');
  return c.body(zip ? zipped : bytes, 200, {
    'Content-Type': type,
    'Cache-Control': immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    Vary: 'Accept-Encoding',
    ...(zip && { 'Content-Encoding': 'gzip' }),
  });
}
