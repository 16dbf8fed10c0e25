import { FrsError } from '@openfrs/contract';

export interface GateLimits {
  /** Pieces of work at a time. */
  readonly running: number;
  /** Who may wait for them, all projects together; one project may take half of that, so that others find room. */
  readonly waiting: number;
}

interface Waiter {
  readonly enter: () => void;
}

/**
 * Lets a bounded number of heavy operations run. The rest wait in a bounded line and enter in turn by project: a
 * project that asks for a thousand things delays another's one by no more than one of its own.
 */
export class FairGate {
  readonly #limits: GateLimits;
  /** The projects that wait, in the order of their turns; each one's line is first come, first served. */
  readonly #lines = new Map<string, Waiter[]>();
  #running = 0;
  #waiting = 0;

  constructor(limits: GateLimits) {
    this.#limits = limits;
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waiting;
  }

  /**
   * Runs work when it is its turn. Work whose signal aborts before that is dropped.
   * @throws FrsError FRS.0033 at once where the line is full
   */
  async pass<Result>(project: string, work: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    if (signal?.aborted) throw left();
    await this.#enter(project, signal);
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  #enter(project: string, signal: AbortSignal | undefined): Promise<void> | undefined {
    // Nobody waits while there is room: who leaves hands the place on.
    if (this.#running < this.#limits.running) {
      this.#running += 1;
      return undefined;
    }
    const line = this.#lines.get(project) ?? [];
    const { waiting } = this.#limits;
    if (this.#waiting >= waiting || line.length >= Math.ceil(waiting / 2)) throw new FrsError('FRS.0033');
    return new Promise((resolve, reject) => {
      const drop = () => {
        this.#remove(project, waiter);
        reject(left());
      };
      const waiter: Waiter = {
        enter: () => {
          signal?.removeEventListener('abort', drop);
          resolve();
        },
      };
      signal?.addEventListener('abort', drop, { once: true });
      line.push(waiter);
      this.#lines.set(project, line);
      this.#waiting += 1;
    });
  }

  #leave(): void {
    const [turn] = this.#lines;
    if (turn === undefined) {
      this.#running -= 1;
      return;
    }
    const [project, line] = turn;
    const next = line.shift();
    // To the end of the turns, if it has more.
    this.#lines.delete(project);
    if (line.length > 0) this.#lines.set(project, line);
    this.#waiting -= 1;
    next?.enter();
  }

  #remove(project: string, waiter: Waiter): void {
    const line = this.#lines.get(project) ?? [];
    line.splice(line.indexOf(waiter), 1);
    if (line.length === 0) this.#lines.delete(project);
    this.#waiting -= 1;
  }
}

/** Nobody reads this answer; it goes to the audit log. */
function left(): FrsError {
  return new FrsError('FRS.0033', 'The client left before its turn.');
}
