import { FrsError } from '@openfrs/contract';
import { RoundRobinQueue } from './round-robin-queue.ts';

export interface QueueLimits {
  /** Pieces of work at a time. */
  readonly running: number;
  /**
   * Who may wait for them, all projects together. One project may take half of that, and one operation half of its
   * project's, so that others find room.
   */
  readonly waiting: number;
}

/** Whose work it is. */
export interface Flow {
  readonly project: string;
  readonly operation: string;
}

/**
 * Lets a bounded number of heavy operations run. The rest wait in a bounded queue and enter in turn, by project and within a
 * project by operation: a thousand things asked for delay another project's one, or another operation's, by no more than
 * one of their own.
 */
export class FairQueue {
  readonly #limits: QueueLimits;
  readonly #queue = new RoundRobinQueue<() => void>();
  #running = 0;

  constructor(limits: QueueLimits) {
    this.#limits = limits;
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#queue.size;
  }

  /** Would work be let in, or into the queue, now? For refusing what has cost little yet. */
  hasCapacity({ project, operation }: Flow): boolean {
    const { running, waiting } = this.#limits;
    if (this.#running < running) return true;
    const share = Math.ceil(waiting / 2);
    return (
      this.#queue.size < waiting &&
      this.#queue.sizeOf(project) < share &&
      this.#queue.sizeOf(project, operation) < Math.ceil(share / 2)
    );
  }

  /**
   * Runs work when it is its turn. Work whose signal aborts before that is dropped.
   * @throws FrsError FRS.0033 at once where the queue is full
   */
  async run<Result>(flow: Flow, work: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    if (signal?.aborted) throw left();
    await this.#enter(flow, signal);
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  #enter(flow: Flow, signal: AbortSignal | undefined): Promise<void> | undefined {
    if (!this.hasCapacity(flow)) throw new FrsError('FRS.0033');
    // Nobody waits while there is room: who leaves hands the place on.
    if (this.#running < this.#limits.running) {
      this.#running += 1;
      return undefined;
    }
    return new Promise((resolve, reject) => {
      const drop = () => {
        this.#queue.remove(flow, enter);
        reject(left());
      };
      const enter = () => {
        signal?.removeEventListener('abort', drop);
        resolve();
      };
      signal?.addEventListener('abort', drop, { once: true });
      this.#queue.add(flow, enter);
    });
  }

  #leave(): void {
    const next = this.#queue.next();
    if (next === undefined) this.#running -= 1;
    else next();
  }
}

/** Nobody reads this answer; it goes to the audit log. */
function left(): FrsError {
  return new FrsError('FRS.0033', 'The client left before its turn.');
}
