import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { getRequestListener, RequestError } from '@hono/node-server';
import { FrsError } from '@openfrs/contract';
import type { Config } from '@openfrs/core';
import { type HttpEnv, type OnRequest, refusal, respondError } from '@openfrs/http';
import type { Hono } from 'hono';
import { sourceOf } from './connections.ts';
import { answer, answerHealth, type Health, type Readiness } from './health.ts';
import { hardenedServer } from './http-server.ts';
import { answerMetrics, mayScrape } from './metrics/answer-metrics.ts';
import type { Metrics } from './metrics/metrics.ts';
import { type ClientAddress, clientAddress, trustOf } from './proxies/client-address.ts';
import { RefusalPacing } from './refusal-pacing.ts';

type Listener = (incoming: IncomingMessage, response: ServerResponse) => void;

type ListenerSettings = Pick<
  Config,
  'connections' | 'refusals' | 'trustedProxies' | 'forwardedHeader' | 'tls'
>;

/**
 * The one port of a server. It listens before the service is ready, so that a taken port is found out first;
 * until `open` it answers 503 to all, then `GET /health` is 200 and tells whether all is well, and `GET /ready` is 200 while
 * requests can be served.
 */
export class HttpListener {
  readonly server: Server;
  #listener: Listener = (incoming, response) => {
    incoming.resume();
    if (isPath(incoming, '/health') || isPath(incoming, '/ready')) {
      return answer(response, 503, { status: 'starting' });
    }
    const { headers, body } = refusal(new FrsError('FRS.0033', 'The service is starting.'));
    response.writeHead(503, headers).end(body);
  };

  readonly #pacing: RefusalPacing;

  readonly #onRequest: OnRequest;

  readonly #addressOf: ClientAddress;

  constructor(settings: ListenerSettings, onRequest: OnRequest) {
    this.#onRequest = onRequest;
    this.#addressOf = clientAddress(settings);
    this.#pacing = new RefusalPacing(settings.refusals, this.#addressOf);
    const limits = { ...settings.connections, isProxy: trustOf(settings.trustedProxies) };
    const begin: Listener = (incoming, response) => {
      if (this.#isDraining) response.shouldKeepAlive = false;
      if (!this.#isOpen) this.#listener(incoming, response);
      else if (isPath(incoming, '/health')) answerHealth(incoming, response, this.#health());
      else if (isPath(incoming, '/metrics') && this.#mayScrape(incoming)) void this.#answerScrape(response);
      else if (isPath(incoming, '/ready')) void this.#answerReady(incoming, response);
      else this.#listener(incoming, response);
    };
    this.server = hardenedServer(begin, limits, this.#addressOf, settings.tls);
  }

  #isOpen = false;
  #isDraining = false;
  #health: () => Health = () => ({ status: 'ok' });
  #ready: () => Promise<Readiness> = async () => ({ status: 'ready' });

  /** Requests are served on, each the last of its connection, and `/ready` says no: a load balancer turns elsewhere. */
  drain(): void {
    this.#isDraining = true;
  }

  #scrape: { readonly token: string; readonly metrics: Metrics } | undefined;

  /** From now on `/metrics` is answered to who sends the token; to others it is a path like any that isn't there. */
  openMetrics(metrics: Metrics, token: string): void {
    this.#scrape = { metrics, token };
  }

  #mayScrape(incoming: IncomingMessage): boolean {
    return this.#scrape !== undefined && incoming.method === 'GET' && mayScrape(incoming, this.#scrape.token);
  }

  async #answerScrape(response: ServerResponse): Promise<void> {
    if (this.#scrape) await answerMetrics(this.#scrape.metrics, response);
  }

  async #answerReady(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const readiness: Readiness = this.#isDraining ? { status: 'stopping' } : await this.#ready();
    answerHealth(incoming, response, readiness);
  }

  /** @param ready rejects never; asked at each `GET /ready` */
  open(app: Hono<HttpEnv>, health?: () => Health, ready?: () => Promise<Readiness>): void {
    if (health) this.#health = health;
    if (ready) this.#ready = ready;
    // Path, query and body are read from Node's own request: see `raw-request.ts` in @openfrs/http. The apps' `new Response` is Hono's from
    // here on, which is written as it is; Node's own would be read back through a web stream.
    const answered = async (request: Request, env: { readonly incoming: IncomingMessage }) => {
      await this.#pacing.admit(env.incoming);
      const remoteAddress = sourceOf(this.#addressOf(env.incoming));
      return await this.#pacing.pass(await app.fetch(request, { ...env, remoteAddress }), env.incoming);
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

function isPath(incoming: IncomingMessage, path: string): boolean {
  return incoming.url?.split('?')[0] === path;
}

/** A host or a target that can't be a URL: nothing of the API has such an address. Anything else is a fault. */
function targetError(cause: unknown): unknown {
  if (!(cause instanceof RequestError)) return cause;
  return new FrsError('FRS.0010', 'The host or the path is malformed.', { cause });
}
