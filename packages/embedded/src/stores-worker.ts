import { parentPort, workerData } from 'node:worker_threads';
import { checkDataFolder, startTableBytes } from './integrity/data-folder.ts';
import { handOverLines } from './log.ts';
import type { FromStores, StoresConfig, ToStores } from './messages.ts';
import { serveStores } from './serve-stores.ts';
import { fileError, folderError, StartupError } from './startup-error.ts';

/**
 * The worker in which both stores live: their work (JSON, hashes, files) doesn't delay the process's own requests, and
 * a fault in them ends the worker, not the process; `worker-supervisor.ts` starts it again.
 */
const config = workerData as StoresConfig;
const post = (message: FromStores) => parentPort?.postMessage(message);
handOverLines((line) => post({ kind: 'log', line }));

async function start(): Promise<void> {
  try {
    const [fault] = await checkDataFolder(config.dir, { held: config.held, tableBytes: startTableBytes });
    if (fault) throw fileError(config.dir, fault);
    const receive = await serveStores(config, post);
    parentPort?.on('message', (message: ToStores) => void receive(message));
  } catch (error) {
    const { message } = error instanceof StartupError ? error : folderError(config.dir, error);
    post({ kind: 'failed', message });
  }
}
void start();
