import { Worker } from 'node:worker_threads';
import type { FromThread, Look, Looks, ThreadModel, ThreadSettings, ToThread } from './messages.ts';
import { unpackError } from './thrown.ts';

interface Asked {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** One thread that looks at pictures and videos, from this side. */
export class VisionThread {
  readonly #worker: Worker;
  readonly #asked = new Map<number, Asked>();
  readonly #ended: Promise<void>;
  /** Rejects where the thread can't start, with one clear sentence. */
  readonly ready: Promise<ThreadModel>;
  #isReady = false;
  #asks = 0;

  constructor(settings: ThreadSettings) {
    const worker = new Worker(new URL('./thread.mjs', import.meta.url), { workerData: settings });
    this.#worker = worker;
    this.#ended = new Promise((resolve) => worker.once('exit', () => resolve()));
    this.ready = new Promise((resolve, reject) => {
      worker.on('message', (message: FromThread) => {
        if (message.kind === 'ready') {
          this.#isReady = true;
          resolve(message.model);
        } else if (message.kind === 'unready') reject(unpackError(message.error));
        else this.#answered(message);
      });
      worker.on('error', reject);
      void this.#ended.then(() => reject(new Error('The vision thread ended before it was ready.')));
    });
    let cause: unknown;
    worker.on('error', (error) => {
      cause = error;
    });
    void this.#ended.then(() => {
      for (const { reject } of this.#asked.values())
        reject(new Error('The vision thread failed.', { cause }));
      this.#asked.clear();
    });
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  /** Looks that it has not answered yet. */
  get load(): number {
    return this.#asked.size;
  }

  /** Resolves when the thread is no more, whatever ended it. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  /** The file is copied out of what it may be a part of, and handed over. */
  look<Name extends Look>(look: Name, file: Uint8Array, ...more: unknown[]): ReturnType<Looks[Name]> {
    const id = this.#asks++;
    const own = new Uint8Array(file);
    const answer = new Promise((resolve, reject) => this.#asked.set(id, { resolve, reject }));
    // No message can hold a signal.
    const args = [own, ...more.filter((argument) => !(argument instanceof AbortSignal))];
    this.#post({ id, look, args }, [own.buffer]);
    return answer as ReturnType<Looks[Name]>;
  }

  /** Lets it give back its models and end; what is under way is not answered. */
  async close(): Promise<void> {
    await this.ready.catch(() => {});
    this.#post({ id: this.#asks++, args: [] });
    await this.#ended;
  }

  #post(message: ToThread, transfer: ArrayBuffer[] = []): void {
    this.#worker.postMessage(message, transfer);
  }

  #answered(message: Extract<FromThread, { id: number }>): void {
    const asked = this.#asked.get(message.id);
    this.#asked.delete(message.id);
    if (message.kind === 'done') asked?.resolve(message.result);
    else asked?.reject(unpackError(message.error));
  }
}
