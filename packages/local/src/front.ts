import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { DoorEnv } from '@openfrs/http';
import type { Hono } from 'hono';
import { answer, answerHealth, type Health } from './health.ts';
import { hardenedServer } from './http-server.ts';

type Listener = (incoming: IncomingMessage, response: ServerResponse) => void;

/**
 * The one port of the local server. It listens before the service is ready, so that a taken port is found out first;
 * until `open` it answers 503 to all, then `GET /health` is 200 and tells whether all is well.
 */
export class Front {
  readonly server: Server;
  #listener: Listener = (incoming, response) => {
    incoming.resume();
    answer(response, 503, { status: 'starting' });
  };

  constructor() {
    this.server = hardenedServer((incoming, response) => {
      // A client that leaves in mid-body is no fault of the service.
      incoming.on('error', () => {});
      if (incoming.url?.split('?')[0] === '/health' && this.#isOpen)
        answerHealth(incoming, response, this.#health());
      else this.#listener(incoming, response);
    });
  }

  #isOpen = false;
  #health: () => Health = () => ({ status: 'ok' });

  open(doors: Hono<DoorEnv>, health?: () => Health): void {
    if (health) this.#health = health;
    // The doors read path, query and body from Node's own request: see `wire.ts` in @openfrs/http. Their `new Response` is Hono's from
    // here on, which is written as it is; Node's own would be read back through a web stream.
    this.#listener = getRequestListener((request, env) => doors.fetch(request, env));
    this.#isOpen = true;
  }
}
