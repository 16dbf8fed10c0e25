import { appendFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '../disk/files.ts';
import { tell } from '../log.ts';
import { type EventFilter, isWanted, recordKey, type S3EventNotification } from './notification.ts';

/** Resolves when the event was dealt with; a rejection brings the event again. */
export type EventListener = (event: S3EventNotification) => void | Promise<void>;

/** Takes an event that was tried for the last time. A rejection brings it again, after the last pause. */
export type DeadLetterListener = (letter: DeadLetter) => Promise<void>;

interface Subscription extends EventFilter {
  readonly listener: EventListener;
  readonly onDead?: DeadLetterListener | undefined;
}

/** Pauses before the second and later attempts: what it depends on may fail for about four days. After the last one the event is dead. */
const defaultRetryMs: readonly number[] = [
  ...[500, 2000, 5000, 10_000],
  ...[1, 2, 4, 8, 16, 32].map((minutes) => minutes * 60_000),
  ...new Array<number>(96).fill(3_600_000),
];

/** Events dealt with side by side; the others wait. */
const concurrency = 4;

/** An event that nobody dealt with; a line of the dead-letter file (JSON lines). */
export interface DeadLetter {
  readonly time: string;
  readonly attempts: number;
  readonly error: string;
  readonly event: S3EventNotification;
}

/**
 * Brings events to their listeners, at least once each: a listener that fails is tried again with growing pauses;
 * what still fails goes to who takes dead letters, else to the dead-letter file. An event without a listener waits until one comes.
 */
export class Delivery {
  readonly #deadLetterFile: string;
  readonly #acknowledge: (id: string) => void;
  readonly #retryMs: readonly number[];
  readonly #subscriptions = new Set<Subscription>();
  readonly #waiting = new Map<string, S3EventNotification>();
  readonly #running = new Set<Promise<void>>();
  readonly #queued: (() => Promise<void>)[] = [];
  /** Of events that come again. */
  readonly #timers = new Set<NodeJS.Timeout>();
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

  subscribe(filter: EventFilter, listener: EventListener, onDead?: DeadLetterListener): () => void {
    const subscription = { ...filter, listener, onDead };
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
    this.#queued.push(() => this.#deliver(id, event, wanted, 1));
    this.#next();
  }

  #next(): void {
    while (this.#running.size < concurrency && !this.#stop.signal.aborted) {
      const work = this.#queued.shift();
      if (!work) return;
      const run = work()
        .catch((error: unknown) => tell('error', 'An event could not be put away and comes again', error))
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
    for (const timer of this.#timers) clearTimeout(timer);
    await Promise.all(this.#running);
  }

  /** @param wanted by whom it is still to be dealt with: those that fail get it again, and others have their turn meanwhile */
  async #deliver(
    id: string,
    event: S3EventNotification,
    wanted: readonly Subscription[],
    attempt: number,
  ): Promise<void> {
    const pause = this.#retryMs[attempt - 1];
    const failed: Subscription[] = [];
    for (const subscription of wanted) {
      try {
        await subscription.listener(event);
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        if (pause !== undefined || !(await this.#giveUp(subscription, event, String(error))))
          failed.push(subscription);
      }
    }
    if (failed.length === 0) this.#acknowledge(id);
    else {
      const next = Math.min(attempt, this.#retryMs.length);
      this.#later(pause ?? this.#retryMs.at(-1) ?? 0, () => this.#deliver(id, event, failed, next + 1));
    }
  }

  #later(ms: number, work: () => Promise<void>): void {
    if (this.#stop.signal.aborted) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#queued.push(work);
      this.#next();
    }, ms);
    this.#timers.add(timer);
  }

  /** @returns false where nobody could take it: it comes again */
  async #giveUp({ onDead }: Subscription, event: S3EventNotification, error: string): Promise<boolean> {
    const letter: DeadLetter = {
      time: new Date().toISOString(),
      attempts: this.#retryMs.length + 1,
      error,
      event,
    };
    if (onDead) {
      return await onDead(letter).then(
        () => true,
        () => false,
      );
    }
    await appendFile(this.#deadLetterFile, `${JSON.stringify(letter)}\n`, { mode: 0o600, flush: true });
    // It may be new; the event is forgotten after this.
    await syncFolder(dirname(this.#deadLetterFile));
    return true;
  }
}
