import type { RequestListener, Server } from 'node:http';
import { RoundRobinQueue } from '@openfrs/http/admission';
import { sourceOf } from './connections.ts';
import type { ClientAddress } from './proxies/client-address.ts';

/** Requests are begun for so long in a turn of the event loop, at least one. */
const turnMs = 4;
/** A turn in which the requests under way took so long has no time for more of them. */
const busyMs = 8;
/** While turns are busy, or connections are accepted, requests that were read wait this long at most for the next to be begun. */
const longestMs = 25;

/**
 * Begins requests a few in each turn of the event loop, by source in rotation, and none in a turn that is busy with those under way.
 * By itself Node begins whatever came: behind 150 logins of one client, or in their company, each step of another one's request
 * waited its turn for 100 ms.
 */
export class RequestTurns {
  readonly #waiting = new RoundRobinQueue<() => void>();
  #isAccepting = false;
  /** When requests were last begun, and when this looked last. */
  #begunAt = 0;
  #lookedAt = 0;

  readonly #addressOf: ClientAddress;

  constructor(server: Server, addressOf: ClientAddress) {
    this.#addressOf = addressOf;
    server.on('connection', () => {
      this.#isAccepting = true;
    });
  }

  /** A listener that is called when it is the request's turn; not where the client has left before. */
  wrap(listener: RequestListener): RequestListener {
    return (incoming, response) => {
      const { socket } = incoming;
      if (this.#waiting.size === 0) {
        this.#begunAt = this.#lookedAt = performance.now();
        setImmediate(this.#turn);
      }
      this.#waiting.add({ project: sourceOf(this.#addressOf(incoming)), operation: '' }, () => {
        if (!socket.destroyed) listener(incoming, response);
      });
    };
  }

  readonly #turn = (): void => {
    const now = performance.now();
    const isBusy = this.#isAccepting || now - this.#lookedAt > busyMs;
    this.#isAccepting = false;
    if (!isBusy || now - this.#begunAt > longestMs) {
      do this.#waiting.next()?.waiter();
      while (this.#waiting.size > 0 && performance.now() - now < turnMs);
      this.#begunAt = now;
    }
    this.#lookedAt = performance.now();
    if (this.#waiting.size > 0) setImmediate(this.#turn);
  };
}
