import { createApp, docsApp, type HttpEnv, type OnRequest } from '@openfrs/http';
import type { Service } from '@openfrs/service';
import type { Hono } from 'hono';
import { version } from '../package.json' with { type: 'json' };

export interface Pages {
  /** The API's description, and the page to try it. */
  readonly docs: boolean;
  /** The web console, where there is one. */
  readonly console?: Hono<HttpEnv> | undefined;
}

/** All that answers behind the one port: the operations, and pages where they are wanted. */
export function serverApp(
  service: Pick<Service, 'app'>,
  onRequest: OnRequest,
  { docs, console }: Pages,
): Hono<HttpEnv> {
  const app = createApp(onRequest);
  app.route('/', service.app);
  if (docs) app.route('/', docsApp(version));
  if (console) app.route('/', console);
  return app;
}
