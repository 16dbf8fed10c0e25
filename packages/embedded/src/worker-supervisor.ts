import { Worker } from 'node:worker_threads';
import type { EventFilter, S3EventNotification } from './events/notification.ts';
import { tell } from './log.ts';
import type { FromStores, StoresConfig, ToStores } from './messages.ts';
import { StartupError } from './startup-error.ts';

interface Ports {
  readonly dynamodbPort: number;
  readonly s3Port: number;
}

/** Pause before a thread that died is started again. */
const restartMs = 500;

/** The thread of the stores, started again on the same ports when a fault ends it. */
export class WorkerSupervisor {
  #config: StoresConfig;
  #worker: Worker | undefined;
  #stopping = false;
  #filtersSet: (() => void)[] = [];
  /** Why nothing can be written; `undefined` where it can. */
  #storageReason: string | undefined;
  onEvent: (id: string, event: S3EventNotification) => void = () => {};
  onRestart: () => void = () => {};

  constructor(config: StoresConfig) {
    this.#config = config;
  }

  get storageReason(): string | undefined {
    return this.#storageReason;
  }

  /** @throws StartupError */
  async start(): Promise<Ports> {
    const ports = await this.#launch();
    this.#config = { ...this.#config, ...ports };
    return ports;
  }

  /** Resolves when events of such objects are queued. */
  async addFilter(filter: EventFilter): Promise<void> {
    this.#config = { ...this.#config, filters: [...this.#config.filters, filter] };
    const set = new Promise<void>((resolve) => this.#filtersSet.push(resolve));
    this.#post({ kind: 'filters', filters: this.#config.filters });
    await set;
  }

  acknowledge(id: string): void {
    this.#post({ kind: 'acknowledge', id });
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    const worker = this.#worker;
    if (!worker) return;
    const stopped = new Promise<void>((resolve) => {
      worker.on('message', (message: FromStores) => message.kind === 'stopped' && resolve());
      worker.once('exit', () => resolve());
    });
    this.#post({ kind: 'stop' });
    await stopped;
    await worker.terminate();
  }

  #post(message: ToStores): void {
    this.#worker?.postMessage(message);
  }

  #launch(): Promise<Ports> {
    return new Promise((resolve, reject) => {
      const worker = new Worker(new URL('./stores-worker.mjs', import.meta.url), {
        workerData: this.#config,
      });
      this.#worker = worker;
      let ready = false;
      worker.on('message', (message: FromStores) => {
        switch (message.kind) {
          case 'storage':
            this.#noteStorage(message.reason);
            return;
          case 'ready':
            ready = true;
            this.#noteStorage(undefined);
            resolve(message);
            return;
          case 'failed':
            reject(new StartupError(message.message));
            void worker.terminate();
            return;
          case 'filters-set':
            for (const done of this.#filtersSet.splice(0)) done();
            return;
          case 'log': {
            const { level, message: text, error } = message.line;
            tell(level, text, error);
            return;
          }
          case 'event':
            this.onEvent(message.id, message.event);
        }
      });
      worker.on('error', (error) => {
        if (!ready) reject(error);
        else if (!this.#stopping) tell('error', 'The embedded stores failed and start again', error);
      });
      worker.once('exit', () => {
        if (!ready || this.#stopping) return;
        this.onRestart();
        void this.#relaunch();
      });
    });
  }

  #noteStorage(reason: string | undefined): void {
    if (reason === this.#storageReason) return;
    this.#storageReason = reason;
    if (reason === undefined) tell('info', 'The embedded stores can be written to again.');
    else tell('error', `The embedded stores in ${this.#config.dir} can't be written to: ${reason}.`);
  }

  async #relaunch(): Promise<void> {
    this.#worker = undefined;
    while (!this.#stopping) {
      await new Promise((resolve) => setTimeout(resolve, restartMs));
      if (this.#stopping) return;
      try {
        await this.#launch();
        return;
      } catch (error) {
        tell('error', 'The embedded stores could not start again', error);
      }
    }
  }
}
