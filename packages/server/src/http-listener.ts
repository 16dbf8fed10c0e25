import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { getRequestListener, RequestError } from '@hono/node-server';
import { FrsError } from '@openfrs/contract';
import type { Config } from '@openfrs/core';
import { type HttpEnv, type OnRequest, refusal, respondError } from '@openfrs/http';
import type { Hono } from 'hono';
import { answer, answerHealth, type Health } from './health.ts';
import { hardenedServer } from './http-server.ts';
import { RefusalPacing } from './refusal-pacing.ts';

type Listener = (incoming: IncomingMessage, response: ServerResponse) => void;

/**
 * The one port of the local server. It listens before the service is ready, so that a taken port is found out first;
 * until `open` it answers 503 to all, then `GET /health` is 200 and tells whether all is well.
 */
export class HttpListener {
  readonly server: Server;
  #listener: Listener = (incoming, response) => {
    incoming.resume();
    if (isHealth(incoming)) return answer(response, 503, { status: 'starting' });
    const { headers, body } = refusal(new FrsError('FRS.0033', 'The service is starting.'));
    response.writeHead(503, headers).end(body);
  };

  readonly #pacing: RefusalPacing;

  readonly #onRequest: OnRequest;

  constructor({ connections, refusals }: Pick<Config, 'connections' | 'refusals'>, onRequest: OnRequest) {
    this.#onRequest = onRequest;
    this.#pacing = new RefusalPacing(refusals);
    this.server = hardenedServer((incoming, response) => {
      if (isHealth(incoming) && this.#isOpen) answerHealth(incoming, response, this.#health());
      else this.#listener(incoming, response);
    }, connections);
  }

  #isOpen = false;
  #health: () => Health = () => ({ status: 'ok' });

  open(app: Hono<HttpEnv>, health?: () => Health): void {
    if (health) this.#health = health;
    // Path, query and body are read from Node's own request: see `raw-request.ts` in @openfrs/http. The apps' `new Response` is Hono's from
    // here on, which is written as it is; Node's own would be read back through a web stream.
    const answered = async (request: Request, env: { readonly incoming: IncomingMessage }) => {
      await this.#pacing.admit(env.incoming);
      return await this.#pacing.pass(await app.fetch(request, env), env.incoming);
    };
    this.#listener = getRequestListener(
      (request, env) => answered(request, env as { readonly incoming: IncomingMessage }),
      {
        // How much of a refused body is read is decided in @openfrs/http and `http-server.ts`.
        autoCleanupIncoming: false,
        // Of HTTP/1.0, which needs no Host.
        hostname: 'localhost',
        errorHandler: (cause) => respondError(targetError(cause), this.#onRequest),
      },
    );
    this.#isOpen = true;
  }
}

function isHealth(incoming: IncomingMessage): boolean {
  return incoming.url?.split('?')[0] === '/health';
}

/** A host or a target that can't be a URL: nothing of the API has such an address. Anything else is a fault. */
function targetError(cause: unknown): unknown {
  if (!(cause instanceof RequestError)) return cause;
  return new FrsError('FRS.0010', 'The host or the path is malformed.', { cause });
}
