import { FrsError } from '@openfrs/contract';

/** How long the parts of a request may take, in milliseconds. */
export interface Deadlines {
  /** Between two pieces of a body: a sender that stalls holds memory that others need. */
  readonly bodyIdleMs: number;
  /** A whole body: 12 MB at 1 Mbit/s take 100 s. */
  readonly bodyMs: number;
  /** In the queue of heavy operations. What waits longer is better tried again than answered after its client gave up. */
  readonly queueMs: number;
  /** From the body's arrival to the answer, the queue included. */
  readonly workMs: number;
}

export const defaultDeadlines: Deadlines = {
  bodyIdleMs: 15_000,
  bodyMs: 120_000,
  queueMs: 30_000,
  workMs: 60_000,
};

/** A client that is told to try again after the queue was too long shall not be the one that keeps it long. */
const queueRetrySeconds = 5;
/** A host that ends the process at its own deadline needs this long to send the answer. */
const answerMs = 1000;

/** When one request ends, whatever it is doing. Its signal aborts when the client leaves or the time of a phase is over. */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #latest: number;
  #limits = defaultDeadlines;
  #timer: NodeJS.Timeout | undefined;
  #workEnds: number;
  #bodyEnds = Number.POSITIVE_INFINITY;

  /** @param remainingMs the host's own deadline, where it has one */
  constructor(remainingMs = Number.POSITIVE_INFINITY) {
    this.#latest = performance.now() + remainingMs - answerMs;
    this.#workEnds = performance.now() + this.#limits.workMs;
    this.startWork();
  }

  /** Its reason is the FrsError to answer with. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Takes the limits that are configured; those before were the presets. */
  configure(limits: Deadlines): void {
    this.#limits = limits;
    this.#workEnds = performance.now() + limits.workMs;
    this.startWork();
  }

  /** The body is being waited for. Each piece of it calls `bodyProgress`. */
  startBody(): void {
    this.#bodyEnds = performance.now() + this.#limits.bodyMs;
    this.#arm(this.#limits.bodyIdleMs, bodyLate);
  }

  bodyProgress(): void {
    if (performance.now() > this.#bodyEnds) this.abort(bodyLate());
    else this.#timer?.refresh();
  }

  /** The body is here: the time of the work begins. */
  endBody(): void {
    this.#workEnds = performance.now() + this.#limits.workMs;
    this.startWork();
  }

  /** The request waits its turn. */
  startQueue(): void {
    const left = this.#workEnds - performance.now();
    this.#arm(Math.min(this.#limits.queueMs, left), queueLate);
  }

  startWork(): void {
    this.#arm(this.#workEnds - performance.now(), workLate);
  }

  /** Ends the request with an error; the first one counts. */
  abort(reason: FrsError): void {
    this.stop();
    this.#controller.abort(reason);
  }

  /** No phase ends it any more. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #arm(ms: number, late: () => FrsError): void {
    clearTimeout(this.#timer);
    if (this.signal.aborted) return;
    const left = Math.min(ms, this.#latest - performance.now());
    this.#timer = setTimeout(() => this.abort(late()), Math.max(left, 0));
  }
}

/**
 * Answers a request by its deadline: with what `work` returns or throws, or with the error of the deadline that passed first.
 * Work that is late goes on until it notices the signal, and keeps what it has reserved until then.
 * @param client aborts when the client leaves
 */
export async function withDeadline<Result>(
  client: AbortSignal,
  remainingMs: number | undefined,
  work: (deadline: Deadline) => Promise<Result>,
): Promise<Result> {
  const deadline = new Deadline(remainingMs);
  const { signal } = deadline;
  const left = () => deadline.abort(new FrsError('FRS.0014', 'The client left.'));
  if (client.aborted) left();
  else client.addEventListener('abort', left, { once: true });
  try {
    return await Promise.race([work(deadline), aborted(signal)]);
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    deadline.stop();
    client.removeEventListener('abort', left);
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

function bodyLate(): FrsError {
  return new FrsError('FRS.0014', 'The body did not arrive in time.');
}

function queueLate(): FrsError {
  return new FrsError('FRS.0033', 'No capacity in time.', { retryAfterSeconds: queueRetrySeconds });
}

function workLate(): FrsError {
  return new FrsError('APIG.0201', undefined, { timedOut: true });
}
