import { Worker } from 'node:worker_threads';
import type { Config } from '@openfrs/core/config.ts';
import type { Part } from '@openfrs/service';
import type { MaintenanceTask } from '@openfrs/store';

export interface UpkeepThread {
  take(chore: MaintenanceTask): void;
  /** Cuts off what is under way: every chore may be repeated. */
  stop(): Promise<void>;
}

/** Pause before a thread that failed is started again. */
const restartMs = 5000;

/** The thread that does the stores' chores. */
export const maintenanceThread: Part<'maintenanceThread', UpkeepThread> = {
  name: 'maintenanceThread',
  open: ({ config }) => startUpkeep(config),
  close: (thread) => thread.stop(),
};

function startUpkeep(config: Config): UpkeepThread {
  let stopped = false;
  let worker = launch();
  function launch(): Worker {
    const next = new Worker(new URL('./thread.mjs', import.meta.url), { workerData: config });
    next.on('error', (error) => console.error('The upkeep thread failed and starts again:', error));
    next.once('exit', () => {
      if (stopped) return;
      setTimeout(() => {
        if (!stopped) worker = launch();
      }, restartMs).unref();
    });
    return next;
  }
  return {
    take: (chore) => worker.postMessage(chore),
    stop: async () => {
      stopped = true;
      await worker.terminate();
    },
  };
}
