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

/** The thread that runs the stores' maintenance tasks. */
export const maintenanceThread: Part<'maintenanceThread', MaintenanceThread> = {
  name: 'maintenanceThread',
  open: ({ config }) => startThread(config),
  close: (thread) => thread.stop(),
};

function startThread(config: Config): MaintenanceThread {
  let stopped = false;
  let worker = launch();
  function launch(): Worker {
    const next = new Worker(new URL('./thread.mjs', import.meta.url), { workerData: config });
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
