import type { IncomingMessage } from 'node:http';
import { type BucketLimits, TokenBucket } from '@openfrs/http/admission';
import { sourceOf } from './connections.ts';
import type { ClientAddress } from './proxies/client-address.ts';

/** A refusal waits no longer: what a source has more is bounded by its connections. */
const longestMs = 10_000;
/** What would wait longer waits up to this part less, at random: a crowd that came together does not go, and come back, all at once. */
const spread = 0.25;
/** Sources that are remembered; beyond that, those that were quiet are forgotten. */
const mostSources = 10_000;

/** Operations: what they answer needs credentials, and is not looked at any further. */
const operations = /^\/v\d\//;

/**
 * Delays answers that need no credentials, above all refusals, to a source that gets many. One costs little, but whoever asks again as
 * soon as it is answered costs all of the processor that others need; made to wait, the same number of connections asks less often.
 */
export class RefusalPacing {
  readonly #limits: BucketLimits;
  readonly #buckets = new Map<string, TokenBucket>();
  /** Requests that have taken their answer's place already. */
  readonly #admitted = new WeakSet<IncomingMessage>();

  readonly #addressOf: ClientAddress;

  constructor(limits: BucketLimits, addressOf: ClientAddress) {
    this.#limits = limits;
    this.#addressOf = addressOf;
  }

  /**
   * Resolves when a request may be worked on: one without a credential takes the place of its answer here, so that a crowd that comes
   * at once costs the others no more than its rate, however many come before the first is answered.
   */
  async admit(request: IncomingMessage): Promise<void> {
    const { headers, socket } = request;
    if (headers['x-auth-token'] !== undefined || headers.authorization !== undefined) return;
    this.#admitted.add(request);
    await waitForPlace(this.#bucketOf(sourceOf(this.#addressOf(request))), socket);
  }

  /** Resolves when the answer may go; nothing but answers that anyone can get is delayed. */
  async pass(response: Response, request: IncomingMessage): Promise<Response> {
    const isCounted = isForAnyone(response, request.url ?? '');
    const isAdmitted = this.#admitted.has(request);
    if (isCounted === isAdmitted) return response;
    const bucket = this.#bucketOf(sourceOf(this.#addressOf(request)));
    if (isAdmitted) {
      bucket.giveBack();
      return response;
    }
    await waitForPlace(bucket, request.socket);
    return response;
  }

  #bucketOf(source: string): TokenBucket {
    const held = this.#buckets.get(source);
    if (held !== undefined) return held;
    if (this.#buckets.size >= mostSources) this.#forget();
    const fresh = new TokenBucket(this.#limits);
    this.#buckets.set(source, fresh);
    return fresh;
  }

  /** Quiet sources first; where none is, the oldest. */
  #forget(): void {
    for (const [source, bucket] of this.#buckets) if (bucket.isFull) this.#buckets.delete(source);
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size >= mostSources && oldest !== undefined) this.#buckets.delete(oldest);
  }
}

/** An answer that needs no credential: a refusal, static content, or that a path doesn't exist. */
function isForAnyone(response: Response, url: string): boolean {
  if (response.status < 400 && operations.test(url)) return false;
  return isRefusal(response) || isAnonymous(response);
}

/** No credentials, too large, or too much at once: refused before any work for it. */
function isRefusal(response: Response): boolean {
  const { status } = response;
  return status === 401 || status === 413 || (status === 400 && response.headers.has('Retry-After'));
}

/** Static content, which alone has an `ETag`, and paths that don't exist: answers of FRS have `X-ratelimit`. */
function isAnonymous({ status, headers }: Response): boolean {
  return headers.has('ETag') || (status === 404 && !headers.has('X-ratelimit'));
}

async function waitForPlace(bucket: TokenBucket, socket: IncomingMessage['socket']): Promise<void> {
  const waitMs = bucket.borrow(longestMs);
  if (waitMs <= 0) return;
  await waitFor(waitMs < longestMs ? waitMs : longestMs * (1 - spread * Math.random()), socket);
}

/** Or until the client leaves. */
function waitFor(ms: number, socket: IncomingMessage['socket']): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      socket.off('close', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    socket.once('close', done);
  });
}
