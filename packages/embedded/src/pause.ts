import type { ServerResponse } from 'node:http';

/** Lets work be done while no request is: those under way end first, later ones wait. */
export class Pause {
  #running = 0;
  #ended: Promise<void> | undefined;
  #idle: (() => void) | undefined;

  /** Resolves when requests may go on. */
  async over(): Promise<void> {
    while (this.#ended) await this.#ended;
  }

  /** Counts a request until its answer has gone or its client has left. */
  enter(response: ServerResponse): void {
    this.#running += 1;
    response.once('close', () => {
      this.#running -= 1;
      if (this.#running === 0) this.#idle?.();
    });
  }

  /** Waits `patienceMs` at most for the requests under way; what still runs then meets a store that is closed. */
  async during(patienceMs: number, work: () => Promise<void>): Promise<void> {
    let end = () => {};
    this.#ended = new Promise((resolve) => {
      end = resolve;
    });
    try {
      await this.#drained(patienceMs);
      await work();
    } finally {
      this.#ended = undefined;
      end();
    }
  }

  async #drained(patienceMs: number): Promise<void> {
    if (this.#running === 0) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#idle = resolve;
      timer = setTimeout(resolve, patienceMs);
    });
    clearTimeout(timer);
    this.#idle = undefined;
  }
}
