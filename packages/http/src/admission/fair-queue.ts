import { FrsError } from '@openfrs/contract';
import { asFlow } from './current-flow.ts';
import type { Flow } from './flow.ts';
import { type RecentFlows, recentFlows } from './recent-flows.ts';
import { RoundRobinQueue } from './round-robin-queue.ts';

export interface QueueLimits {
  /**
   * Pieces of work at a time. One project may have all of them while it is alone, and half (at least one) while another
   * project is active.
   */
  readonly running: number;
  /**
   * Who may wait for them, all projects together. One project may take half of that, and one operation half of its
   * project's, so that others find room.
   */
  readonly waiting: number;
}

/**
 * Lets a bounded number of heavy operations run. The rest wait in a bounded queue and enter in turn, by project and within a
 * project by operation: a thousand things asked for delay another project's one, or another operation's, by no more than
 * one of their own. While several projects are active, none holds more than half of the places.
 */
export class FairQueue {
  readonly #limits: QueueLimits;
  readonly #queue = new RoundRobinQueue<() => void>();
  readonly #active = new Map<string, number>();
  readonly #recent: RecentFlows;
  #running = 0;

  /** @param recent which projects are active; queues that share a resource share it */
  constructor(limits: QueueLimits, recent: RecentFlows = recentFlows()) {
    this.#limits = limits;
    this.#recent = recent;
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#queue.size;
  }

  /** Would work be let in, or into the queue, now? For refusing what has cost little yet. */
  hasCapacity({ project, operation }: Flow): boolean {
    const { waiting } = this.#limits;
    if (this.#mayRun(project)) return true;
    const share = Math.ceil(waiting / 2);
    return (
      this.#queue.size < waiting &&
      this.#queue.sizeOf(project) < share &&
      this.#queue.sizeOf(project, operation) < Math.ceil(share / 2)
    );
  }

  /**
   * Runs work when it is its turn. Work whose signal aborts before that is dropped; once it runs, its place is taken until it
   * has ended, whatever its signal says.
   * @throws FrsError FRS.0033 at once where the queue is full, or the signal's reason where that is one
   */
  async run<Result>(flow: Flow, work: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    if (signal?.aborted) throw left(signal);
    await this.#enter(flow, signal);
    try {
      return await asFlow(flow, work);
    } finally {
      this.#leave(flow.project);
    }
  }

  #enter(flow: Flow, signal: AbortSignal | undefined): Promise<void> | undefined {
    if (!this.hasCapacity(flow)) throw new FrsError('FRS.0033');
    this.#recent.touch(flow.project);
    // Who waits although there is room waits for a place of their own project.
    if (this.#mayRun(flow.project)) {
      this.#start(flow.project);
      return undefined;
    }
    return new Promise((resolve, reject) => {
      const drop = () => {
        this.#queue.remove(flow, enter);
        reject(left(signal));
      };
      const enter = () => {
        signal?.removeEventListener('abort', drop);
        resolve();
      };
      signal?.addEventListener('abort', drop, { once: true });
      this.#queue.add(flow, enter);
    });
  }

  #mayRun(project: string): boolean {
    const { running } = this.#limits;
    if (this.#running >= running) return false;
    const own = this.#active.get(project) ?? 0;
    const isAlone = own === this.#running && !this.#recent.hasOther(project);
    return isAlone || own < Math.max(1, Math.floor(running / 2));
  }

  #start(project: string): void {
    this.#running += 1;
    this.#active.set(project, (this.#active.get(project) ?? 0) + 1);
  }

  #leave(project: string): void {
    this.#running -= 1;
    const own = (this.#active.get(project) ?? 1) - 1;
    if (own === 0) this.#active.delete(project);
    else this.#active.set(project, own);
    this.#recent.touch(project);
    for (;;) {
      const next = this.#queue.next((waiting) => this.#mayRun(waiting));
      if (next === undefined) return;
      this.#start(next.project);
      next.waiter();
    }
  }
}

/** Nobody reads this answer, unless the signal was a deadline's; it goes to the audit log. */
function left(signal: AbortSignal | undefined): FrsError {
  const reason: unknown = signal?.reason;
  return reason instanceof FrsError
    ? reason
    : new FrsError('FRS.0033', 'The client left before its turn.', { cause: reason });
}
