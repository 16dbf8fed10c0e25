import { AsyncLocalStorage } from 'node:async_hooks';
import type { Flow } from './flow.ts';

const storage = new AsyncLocalStorage<Flow>();

/** Runs work so that `currentFlow` tells whose it is, wherever it awaits. */
export function asFlow<Result>(flow: Flow, work: () => Result): Result {
  return storage.run(flow, work);
}

/** Whose admitted work runs here; undefined outside of `FairQueue.run`. For queues further in, which serve flows in turn as well. */
export function currentFlow(): Flow | undefined {
  return storage.getStore();
}
