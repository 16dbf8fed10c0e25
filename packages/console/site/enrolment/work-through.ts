import { ApiError } from '../api/api.ts';
import { isPassing } from './check.ts';

/** Requests at once: enough to keep the service busy, few enough to leave room for others. */
const concurrency = 3;
const maxAttempts = 6;
const firstPauseMs = 500;

/** Lets the work of `workThrough` rest, go on or end. */
export class PauseController {
  #open: Promise<void> = Promise.resolve();
  #release: (() => void) | undefined;
  #ended = false;

  get ended(): boolean {
    return this.#ended;
  }

  get paused(): boolean {
    return this.#release !== undefined;
  }

  pause(): void {
    if (this.#release || this.#ended) return;
    this.#open = new Promise((resolve) => {
      this.#release = resolve;
    });
  }

  resume(): void {
    this.#release?.();
    this.#release = undefined;
  }

  end(): void {
    this.#ended = true;
    this.resume();
  }

  /** Resolves once work may go on. */
  async pass(): Promise<boolean> {
    await this.#open;
    return !this.#ended;
  }
}

/**
 * Works on all items, some at once, in their order. What the service puts off (FRS.0033) or fails at by itself is tried again after
 * the pause that it asks for. @returns once all are through, or the controller was ended
 */
export async function workThrough<Item>(
  items: readonly Item[],
  controller: PauseController,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = [...items];
  const worker = async () => {
    while (await controller.pass()) {
      const item = queue.shift();
      if (item === undefined) return;
      await work(item);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}

/** @throws what the last try threw */
export async function tryAgain<Result>(
  controller: PauseController,
  send: () => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await send();
    } catch (error) {
      const passing = error instanceof TypeError || (error instanceof ApiError && isPassing(error));
      if (!passing || attempt >= maxAttempts || controller.ended) throw error;
      const asked = error instanceof ApiError ? error.retryAfter : undefined;
      const pauseMs = asked === undefined ? firstPauseMs * 2 ** (attempt - 1) : asked * 1000;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
      if (!(await controller.pass())) throw error;
    }
  }
}
