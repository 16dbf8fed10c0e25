import { FrsError } from '@openfrs/contract';
import { type Context, Hono } from 'hono';
import { exchange } from './exchange.ts';
import type { DoorEnv } from './wire.ts';

/** Answers a path that doesn't exist, or a method that the path doesn't have: 404 APIG.0101. */
export function notFound(): Promise<Response> {
  return exchange('unknown', async () => {
    throw new FrsError('APIG.0101');
  });
}

/** An operation's or a host's app: unknown paths, and faults outside `exchange`, get the contract's answers, too. */
export function httpApp(): Hono<DoorEnv> {
  const app = new Hono<DoorEnv>();
  app.notFound(notFound);
  app.onError((error) =>
    exchange('unknown', async () => {
      throw error;
    }),
  );
  return app;
}

/** Hono lets GET answer a HEAD; the contract's paths don't have that method. @throws FrsError APIG.0101 */
export function refuseHead(c: Context<DoorEnv>): void {
  if (c.req.method === 'HEAD') throw new FrsError('APIG.0101');
}

/** `/v2/{project_id}/face-sets` as Hono writes it: `/v2/:project_id/face-sets`. */
export function routePath(template: string): string {
  return template.replace(/\{(\w+)\}/g, ':$1');
}
