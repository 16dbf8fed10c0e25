import type { Context } from 'hono';
import { createRequestContext } from './middleware/request-context.ts';
import type { HttpEnv } from './raw-request.ts';
import type { RequestContext } from './request-context.ts';
import { type HttpResult, respond } from './respond.ts';

/** Goes on with what a middleware adds to the context. */
export type Next<Adds = object> = (adds: Adds) => Promise<HttpResult>;

/** A step around all that come after it: it adds to the context, refuses by throwing, or sees the result. */
export type Middleware<Needs, Adds = object> = (context: Needs, next: Next<Adds>) => Promise<HttpResult>;

type Handler<Carried> = (context: Carried) => Promise<HttpResult>;

/**
 * Middleware in the order in which a request passes it. Results stay plain values until all have passed, so that the one `Response` is
 * made with all its headers at once. What a middleware needs of those before it does not compile without them.
 */
export class Pipeline<Carried extends RequestContext> {
  readonly #run: (first: RequestContext, last: Handler<Carried>) => Promise<HttpResult>;

  private constructor(run: (first: RequestContext, last: Handler<Carried>) => Promise<HttpResult>) {
    this.#run = run;
  }

  static create(): Pipeline<RequestContext> {
    return new Pipeline((first, last) => last(first));
  }

  use<Adds>(middleware: Middleware<Carried, Adds>): Pipeline<Carried & Adds> {
    return new Pipeline((first, last) =>
      this.#run(first, (context) => middleware(context, (adds) => last(Object.assign(context, adds)))),
    );
  }

  /** Hono's handler. @param operation its name in the audit log */
  handle(operation: string, last: Handler<Carried>): (c: Context<HttpEnv>) => Promise<Response> {
    return async (c) => {
      const context = createRequestContext(c, operation);
      return await respond(context.record, await this.#run(context, last));
    };
  }
}
