import { FrsError } from '@openfrs/contract';
import { Turns } from './turns.ts';

export interface GateLimits {
  /** Pieces of work at a time. */
  readonly running: number;
  /**
   * Who may wait for them, all projects together. One project may take half of that, and one operation half of its
   * project's, so that others find room.
   */
  readonly waiting: number;
}

/** Whose work it is. */
export interface Turn {
  readonly project: string;
  readonly operation: string;
}

/**
 * Lets a bounded number of heavy operations run. The rest wait in a bounded line and enter in turn, by project and within a
 * project by operation: a thousand things asked for delay another project's one, or another operation's, by no more than
 * one of their own.
 */
export class FairGate {
  readonly #limits: GateLimits;
  readonly #line = new Turns<() => void>();
  #running = 0;

  constructor(limits: GateLimits) {
    this.#limits = limits;
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#line.size;
  }

  /** Would work be let in, or into the line, now? For refusing what has cost little yet. */
  hasRoom({ project, operation }: Turn): boolean {
    const { running, waiting } = this.#limits;
    if (this.#running < running) return true;
    const share = Math.ceil(waiting / 2);
    return (
      this.#line.size < waiting &&
      this.#line.sizeOf(project) < share &&
      this.#line.sizeOf(project, operation) < Math.ceil(share / 2)
    );
  }

  /**
   * Runs work when it is its turn. Work whose signal aborts before that is dropped.
   * @throws FrsError FRS.0033 at once where the line is full
   */
  async pass<Result>(turn: Turn, work: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    if (signal?.aborted) throw left();
    await this.#enter(turn, signal);
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  #enter(turn: Turn, signal: AbortSignal | undefined): Promise<void> | undefined {
    if (!this.hasRoom(turn)) throw new FrsError('FRS.0033');
    // Nobody waits while there is room: who leaves hands the place on.
    if (this.#running < this.#limits.running) {
      this.#running += 1;
      return undefined;
    }
    return new Promise((resolve, reject) => {
      const drop = () => {
        this.#line.remove(turn, enter);
        reject(left());
      };
      const enter = () => {
        signal?.removeEventListener('abort', drop);
        resolve();
      };
      signal?.addEventListener('abort', drop, { once: true });
      this.#line.add(turn, enter);
    });
  }

  #leave(): void {
    const next = this.#line.next();
    if (next === undefined) this.#running -= 1;
    else next();
  }
}

/** Nobody reads this answer; it goes to the audit log. */
function left(): FrsError {
  return new FrsError('FRS.0033', 'The client left before its turn.');
}
