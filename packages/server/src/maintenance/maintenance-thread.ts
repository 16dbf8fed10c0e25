import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { log, storeCallsEnded, sweepsEnded, tasksEnded, workerRestarts } from '@openfrs/core/observation';
import { type Part, parts } from '@openfrs/service';
import type { Leases, MaintenanceTask } from '@openfrs/store';
import type { FromThread, ThreadData } from './thread.ts';

export interface MaintenanceThread {
  take(task: MaintenanceTask): void;
  /** Tasks that wait for the one under way. */
  readonly waiting: number;
  /** Cuts off what is under way, for every task may be repeated, and gives its leases back: another server may go on at once. */
  stop(): Promise<void>;
}

/** A stop waits so long for stores that don't answer, for the thread and for the leases each; leases that aren't given back end by themselves. */
const stopMs = 5000;

/** Pause before a thread that failed is started again. */
const restartMs = 5000;

/** The thread that runs the stores' maintenance tasks; of embedded stores, which remove uploads by their own rule. */
export const maintenanceThread = maintenanceThreadOf('this server', false);

/**
 * @param owner of the leases: the same after a restart where nobody else can be at work, else of this process alone
 * @param uploads removes those that have expired, too
 */
export function maintenanceThreadOf(
  owner: string,
  uploads = true,
): Part<'maintenanceThread', MaintenanceThread> {
  return {
    name: 'maintenanceThread',
    open: ({ config, resolve }) => startThread({ config, owner, uploads }, resolve(parts.leases)),
    close: (thread) => thread.stop(),
  };
}

function startThread(workerData: ThreadData, leases: Leases): MaintenanceThread {
  const { owner } = workerData;
  let stopped = false;
  let waiting = 0;
  let worker = launch();
  function launch(): Worker {
    const next = new Worker(new URL('./thread.mjs', import.meta.url), { workerData });
    let failure: unknown;
    next.on('error', (error) => (failure = error));
    next.on('message', (message: FromThread) => {
      if (message.kind === 'waiting') waiting = message.tasks;
      else if (message.kind === 'store-call') storeCallsEnded.publish(message.ended);
      else if (message.kind === 'log') {
        const { level, message: text, ...details } = message.line;
        log(level, text, details);
      } else if (message.kind === 'sweep') sweepsEnded.publish(message.ended);
      else if (message.kind === 'task') tasksEnded.publish(message.ended);
    });
    next.once('exit', () => {
      if (stopped) return;
      setTimeout(() => {
        if (stopped) return;
        workerRestarts.publish({ worker: 'maintenance' });
        // Told here: Ctrl-C ends the compiler of a thread that is still being loaded from source, before this process stops.
        log('error', 'The maintenance thread failed and starts again', { error: failure });
        worker = launch();
      }, restartMs).unref();
    });
    return next;
  }
  return {
    get waiting() {
      return waiting;
    },
    take: (task) => worker.postMessage(task),
    stop: async () => {
      stopped = true;
      const signal = AbortSignal.timeout(stopMs);
      // In this order: it takes no more leases, then works no more, then has none.
      worker.postMessage('stop');
      await Promise.race([toldStopped(worker), once(worker, 'exit', { signal })]).catch(() => {});
      await worker.terminate();
      await Promise.race([leases.releaseAll(owner), once(AbortSignal.timeout(stopMs), 'abort')]).catch(
        (error: unknown) =>
          log('error', 'The leases of this server could not be given back and end by themselves', { error }),
      );
    },
  };
}

/** It tells of other things, too. */
function toldStopped(worker: Worker): Promise<void> {
  return new Promise((resolve) => {
    worker.on('message', ({ kind }: FromThread) => kind === 'stopped' && resolve());
  });
}
