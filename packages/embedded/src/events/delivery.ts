import { appendFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '../disk/files.ts';
import { type EventFilter, isWanted, recordKey, type S3EventNotification } from './notification.ts';

/** Resolves when the event was dealt with; a rejection brings the event again. */
export type EventListener = (event: S3EventNotification) => void | Promise<void>;

interface Subscription extends EventFilter {
  readonly listener: EventListener;
}

/** Pauses before the second and later attempts; after the last one the event is dead. */
const defaultRetryMs = [500, 2000, 5000, 10_000] as const;

/** Events dealt with side by side; the others wait. */
const concurrency = 4;

/** A line of the dead-letter file (JSON lines). */
export interface DeadLetter {
  readonly time: string;
  readonly attempts: number;
  readonly error: string;
  readonly event: S3EventNotification;
}

/**
 * Brings events to their listeners, at least once each: a listener that fails is tried again with growing pauses;
 * what still fails goes to the dead-letter file. An event without a listener waits until one comes.
 */
export class Delivery {
  readonly #deadLetterFile: string;
  readonly #acknowledge: (id: string) => void;
  readonly #retryMs: readonly number[];
  readonly #subscriptions = new Set<Subscription>();
  readonly #waiting = new Map<string, S3EventNotification>();
  readonly #running = new Set<Promise<void>>();
  readonly #queued: (() => Promise<void>)[] = [];
  readonly #stop = new AbortController();

  constructor(
    deadLetterFile: string,
    acknowledge: (id: string) => void,
    retryMs: readonly number[] = defaultRetryMs,
  ) {
    this.#deadLetterFile = deadLetterFile;
    this.#acknowledge = acknowledge;
    this.#retryMs = retryMs;
  }

  subscribe(filter: EventFilter, listener: EventListener): () => void {
    const subscription = { ...filter, listener };
    this.#subscriptions.add(subscription);
    for (const [id, event] of this.#waiting) this.receive(id, event);
    return () => void this.#subscriptions.delete(subscription);
  }

  receive(id: string, event: S3EventNotification): void {
    const [record] = event.Records;
    const wanted = [...this.#subscriptions].filter(
      (subscription) => record && isWanted(subscription, record.s3.bucket.name, recordKey(record)),
    );
    if (wanted.length === 0) {
      this.#waiting.set(id, event);
      return;
    }
    this.#waiting.delete(id);
    this.#queued.push(() => this.#deliver(id, event, wanted));
    this.#next();
  }

  #next(): void {
    while (this.#running.size < concurrency && !this.#stop.signal.aborted) {
      const work = this.#queued.shift();
      if (!work) return;
      const run = work()
        .catch((error: unknown) => console.error('An event could not be put away and comes again:', error))
        .finally(() => {
          this.#running.delete(run);
          this.#next();
        });
      this.#running.add(run);
    }
  }

  /** No further attempts; resolves when those under way have ended. What wasn't acknowledged comes again next time. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#running);
  }

  async #deliver(id: string, event: S3EventNotification, wanted: Subscription[]): Promise<void> {
    for (const { listener } of wanted) {
      const error = await this.#attempts(listener, event);
      if (this.#stop.signal.aborted && error !== undefined) return;
      if (error !== undefined) await this.#deadLetter(event, error);
    }
    this.#acknowledge(id);
  }

  /** The last error when every attempt failed. */
  async #attempts(listener: EventListener, event: S3EventNotification): Promise<string | undefined> {
    for (let attempt = 0; ; attempt++) {
      try {
        await listener(event);
        return undefined;
      } catch (error) {
        const pause = this.#retryMs[attempt];
        if (pause === undefined || this.#stop.signal.aborted) return String(error);
        await sleep(pause, this.#stop.signal);
        if (this.#stop.signal.aborted) return String(error);
      }
    }
  }

  async #deadLetter(event: S3EventNotification, error: string): Promise<void> {
    const letter: DeadLetter = {
      time: new Date().toISOString(),
      attempts: this.#retryMs.length + 1,
      error,
      event,
    };
    await appendFile(this.#deadLetterFile, `${JSON.stringify(letter)}\n`, { mode: 0o600, flush: true });
    // It may be new; the event is forgotten after this.
    await syncFolder(dirname(this.#deadLetterFile));
  }
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
