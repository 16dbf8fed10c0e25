import { availableParallelism } from 'node:os';
import { ScanThread } from './scan-thread.ts';

/** After so many threads that couldn't be started, or ended, no more are. */
const mostLosses = 3;
/** Until another is started after a loss. */
const pauseMs = 60_000;

/** What `ThreadSupply` gives: the part of a thread that searches use. */
export type Helper = Pick<ScanThread, 'begin'>;

/** One thread at a time, started when it is asked for. Searches get by without: it throws nothing. */
export class ThreadSupply {
  private thread: Helper | undefined;
  private losses = 0;
  private lostAt = Number.NEGATIVE_INFINITY;
  private readonly start: (lose: () => void) => Helper;
  private readonly now: () => number;

  /**
   * @param start a thread, which tells once when it has ended; may throw
   * @param now milliseconds, of any beginning
   */
  constructor(
    start: (lose: () => void) => Helper = (lose) => new ScanThread(lose),
    now: () => number = () => performance.now(),
  ) {
    this.start = start;
    this.now = now;
  }

  /** The thread; undefined where there is none. */
  get(): Helper | undefined {
    if (this.thread) return this.thread;
    if (this.losses === mostLosses || this.now() - this.lostAt < pauseMs) return undefined;
    try {
      this.thread = this.start(() => this.lose());
    } catch {
      // At a limit of threads, or where none is allowed.
      this.lose();
    }
    return this.thread;
  }

  private lose(): void {
    this.thread = undefined;
    this.losses += 1;
    this.lostAt = this.now();
  }
}

const supply = new ThreadSupply();

/** The process's scanning thread; undefined where there is none, or no second processor. */
export function scanThread(): Helper | undefined {
  return availableParallelism() < 2 ? undefined : supply.get();
}
