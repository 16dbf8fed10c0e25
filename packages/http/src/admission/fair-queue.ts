import { FrsError } from '@openfrs/contract';
import { asFlow } from './current-flow.ts';
import type { Flow } from './flow.ts';
import { type RecentFlows, recentFlows } from './recent-flows.ts';
import { RoundRobinQueue } from './round-robin-queue.ts';
import { ServiceTime } from './service-time.ts';

export interface QueueLimits {
  /**
   * Pieces of work at a time. One project may have all of them while it is alone, and half (at least one) while another
   * project is active.
   */
  readonly running: number;
  /**
   * Who may wait for them, all projects together. One project may take half of that, and one operation half of its
   * project's, so that others find room; where it is full, the projects' shares become equal.
   */
  readonly waiting: number;
  /** Who would wait longer than this, by how long such work took lately, is refused at once, ms; default: nobody. */
  readonly longestWaitMs?: number;
}

/** Of an operation that has not run yet. */
const unmeasured = new ServiceTime();

interface Waiter {
  enter(): void;
  displace(): void;
}

/**
 * Lets a bounded number of heavy operations run; the rest wait in a bounded queue and enter in turn, by project and within it by operation.
 * While several projects are active, none holds more than half of the places. A full queue displaces the newest waiter of the project
 * (within a project: of the operation) with the most, for one with at least two fewer.
 */
export class FairQueue {
  readonly #limits: QueueLimits;
  readonly #queue = new RoundRobinQueue<Waiter>();
  readonly #active = new Map<string, number>();
  readonly #recent: RecentFlows;
  readonly #serviceTime = new ServiceTime();
  readonly #serviceTimes = new Map<string, ServiceTime>();
  readonly #now: () => number;
  #running = 0;

  /**
   * @param recent which projects are active; queues that share a resource share it
   * @param now milliseconds of a clock that never goes back
   */
  constructor(
    limits: QueueLimits,
    recent: RecentFlows = recentFlows(),
    now: () => number = () => performance.now(),
  ) {
    this.#limits = limits;
    this.#recent = recent;
    this.#now = now;
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#queue.size;
  }

  /** Until who would be the last to wait now is served, whole seconds, 1..60: by how long work took lately. */
  get retryAfterSeconds(): number {
    return this.#serviceTime.secondsFor((this.#queue.size + 1) / this.#limits.running);
  }

  /** Would work be let in, or into the queue, now? For refusing what has cost little yet. */
  hasCapacity(flow: Flow): boolean {
    if (this.#mayRun(flow.project)) return true;
    const { longestWaitMs } = this.#limits;
    if (longestWaitMs !== undefined && this.#expectedWaitMs(flow) > longestWaitMs) return false;
    return this.#hasFreePlace(flow) || this.#displaceable(flow) !== undefined;
  }

  /**
   * Runs work when it is its turn. Work whose signal aborts before that is dropped; once it runs, its place is taken until it
   * has ended, whatever its signal says.
   * @throws FrsError FRS.0033 at once where the queue is full, or later where another project needs the place; or the
   *   signal's reason where that is one
   */
  async run<Result>(flow: Flow, work: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    if (signal?.aborted) throw left(signal);
    await this.#enter(flow, signal);
    const begun = this.#now();
    try {
      return await asFlow(flow, work);
    } finally {
      const ended = this.#now();
      this.#serviceTime.add(begun, ended);
      if (this.#limits.longestWaitMs !== undefined) this.#add(flow.operation, begun, ended);
      this.#leave(flow.project);
    }
  }

  #enter(flow: Flow, signal: AbortSignal | undefined): Promise<void> | undefined {
    if (!this.hasCapacity(flow)) throw this.#full();
    this.#recent.touch(flow.project);
    // Who waits although there is room waits for a place of their own project.
    if (this.#mayRun(flow.project)) {
      this.#start(flow.project);
      return undefined;
    }
    const yielding = this.#hasFreePlace(flow) ? undefined : this.#displaceable(flow);
    if (yielding !== undefined) this.#queue.takeNewest(yielding)?.displace();
    return new Promise((resolve, reject) => {
      const drop = () => {
        this.#queue.remove(flow, waiter);
        reject(left(signal));
      };
      const stay = () => signal?.removeEventListener('abort', drop);
      const waiter = {
        enter: () => {
          stay();
          resolve();
        },
        displace: () => {
          stay();
          reject(this.#full());
        },
      };
      signal?.addEventListener('abort', drop, { once: true });
      this.#queue.add(flow, waiter);
    });
  }

  /** Only where waits are estimated: operations of the contract are few, while the accounts of logins are what anyone may write. */
  #add(operation: string, begun: number, ended: number): void {
    const times = this.#serviceTimes.get(operation) ?? new ServiceTime();
    times.add(begun, ended);
    this.#serviceTimes.set(operation, times);
  }

  /** Until the flow's next one would begin, by who is served before it: those who run are not counted. */
  #expectedWaitMs(flow: Flow): number {
    const before = this.#queue.before(flow);
    const total = [...before].reduce(
      (sum, [name, count]) => sum + count * (this.#serviceTimes.get(name) ?? unmeasured).meanMs,
      0,
    );
    return total / this.#limits.running;
  }

  #full(): FrsError {
    const { retryAfterSeconds } = this;
    return new FrsError('FRS.0033', 'The queue is full.', { retryAfterSeconds });
  }

  /** Half of those that may wait. */
  get #projectShare(): number {
    return Math.ceil(this.#limits.waiting / 2);
  }

  #mayWait({ project, operation }: Flow): boolean {
    return this.#queue.sizeOf(project, operation) < Math.ceil(this.#projectShare / 2);
  }

  #hasFreePlace(flow: Flow): boolean {
    const isFull = this.#queue.size >= this.#limits.waiting;
    return !isFull && this.#queue.sizeOf(flow.project) < this.#projectShare && this.#mayWait(flow);
  }

  /**
   * Whose newest waiter gives its place to this flow's, where none is free. Two fewer, not one, or two flows would displace
   * each other for ever.
   */
  #displaceable(flow: Flow): Flow | undefined {
    if (!this.#mayWait(flow)) return undefined;
    const queue = this.#queue;
    const own = queue.sizeOf(flow.project);
    const largest = queue.largestProject();
    const isOther = own < this.#projectShare && largest !== undefined && queue.sizeOf(largest) > own + 1;
    const project = isOther ? largest : flow.project;
    const operation = queue.largestOperation(project);
    if (operation === undefined) return undefined;
    const isLarger = queue.sizeOf(project, operation) > queue.sizeOf(flow.project, flow.operation) + 1;
    return isOther || isLarger ? { project, operation } : undefined;
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
      next.waiter.enter();
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
