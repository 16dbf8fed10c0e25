import { Worker } from 'node:worker_threads';
import { FrsError } from '@openfrs/contract';
import { type KeyDerivation, scryptMemory } from '@openfrs/core';
import { log, workerRestarts } from '@openfrs/core/observation';

export interface PasswordThread extends KeyDerivation {
  /** Ends the thread; what it has in hand is rejected with FRS.0033. */
  close(): Promise<void>;
}

type Answer = { readonly id: number } & ({ readonly key: Uint8Array } | { readonly error: string });

interface Pending {
  resolve(key: Uint8Array): void;
  reject(error: Error): void;
}

/**
 * Hashes passwords one after the other in a thread of low priority. In libuv's pool they would keep pictures, files and the
 * stores waiting: 150 logins made the stores' answers late by more than their clients wait for. A thread that fails is replaced
 * at the next password.
 */
export function startPasswordThread(): PasswordThread {
  const pending = new Map<number, Pending>();
  let jobs = 0;
  let worker: Worker | undefined = launch();

  function launch(): Worker {
    // None of this process's own options: what they preload is of no use there.
    const next = new Worker(new URL('./thread.mjs', import.meta.url), { execArgv: [] });
    let cause: unknown;
    next.on('error', (error) => {
      cause = error;
      workerRestarts.publish({ worker: 'passwords' });
      log('error', 'The password thread failed and is replaced', { error });
    });
    next.on('message', (answer: Answer) => {
      const job = pending.get(answer.id);
      pending.delete(answer.id);
      if ('key' in answer) job?.resolve(answer.key);
      else job?.reject(new Error(answer.error));
    });
    next.once('exit', () => {
      if (worker === next) worker = undefined;
      const ended = new FrsError('FRS.0033', 'The password thread ended.', { cause });
      for (const { reject } of pending.values()) reject(ended);
      pending.clear();
    });
    return next;
  }

  return {
    derive(password, { N, r, p, salt, length }) {
      worker ??= launch();
      const id = jobs++;
      const options = { N, r, p, maxmem: scryptMemory({ N, r }) };
      const key = new Promise<Uint8Array>((resolve, reject) => pending.set(id, { resolve, reject }));
      worker.postMessage({ id, password, salt, length, options });
      return key;
    },
    async close() {
      await worker?.terminate();
    },
  };
}
