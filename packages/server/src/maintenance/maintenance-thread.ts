import { Worker } from 'node:worker_threads';
import type { Config } from '@openfrs/core';
import type { Part } from '@openfrs/service';
import type { MaintenanceTask } from '@openfrs/store';

export interface MaintenanceThread {
  take(task: MaintenanceTask): void;
  /** Cuts off what is under way: every task may be repeated. */
  stop(): Promise<void>;
}

/** Pause before a thread that failed is started again. */
const restartMs = 5000;

/** The thread that runs the stores' maintenance tasks; of stores that only one process opens. */
export const maintenanceThread = maintenanceThreadOf('this server');

/** @param owner of the leases: the same after a restart where nobody else can be at work, else of this process alone */
export function maintenanceThreadOf(owner: string): Part<'maintenanceThread', MaintenanceThread> {
  return {
    name: 'maintenanceThread',
    open: ({ config }) => startThread(config, owner),
    close: (thread) => thread.stop(),
  };
}

function startThread(config: Config, owner: string): MaintenanceThread {
  let stopped = false;
  let worker = launch();
  function launch(): Worker {
    const next = new Worker(new URL('./thread.mjs', import.meta.url), { workerData: { config, owner } });
    next.on('error', (error) => console.error('The maintenance thread failed and starts again:', error));
    next.once('exit', () => {
      if (stopped) return;
      setTimeout(() => {
        if (!stopped) worker = launch();
      }, restartMs).unref();
    });
    return next;
  }
  return {
    take: (task) => worker.postMessage(task),
    stop: async () => {
      stopped = true;
      await worker.terminate();
    },
  };
}
