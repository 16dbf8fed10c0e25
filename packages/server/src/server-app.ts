import { createApp, docsApp, type HttpEnv, type OnRequest } from '@openfrs/http';
import type { Service } from '@openfrs/service';
import type { Hono } from 'hono';
import { version } from '../package.json' with { type: 'json' };

/** All that answers behind the one port: the operations, the API's description, and the web console where there is one. */
export function serverApp(
  service: Pick<Service, 'app'>,
  onRequest: OnRequest,
  console?: Hono<HttpEnv>,
): Hono<HttpEnv> {
  const app = createApp(onRequest);
  app.route('/', service.app);
  app.route('/', docsApp(version));
  if (console) app.route('/', console);
  return app;
}
