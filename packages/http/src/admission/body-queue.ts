import type { Deadline } from '../deadline.ts';
import { FairQueue } from './fair-queue.ts';

/**
 * Bodies that are read side by side, and how many may wait. A turn of the event loop takes up to 64 kB of each, a fraction of a
 * millisecond: of 300 that all have something to be read, it would keep everybody else waiting for as many.
 */
const limits = { running: 8, waiting: 4096 };
/** A body of which nothing came for so long leaves its place to the next one, and is read on. */
const stalledMs = 250;
/** Bytes of a body that is read at once: it comes in a piece or two. */
const smallBytes = 64 * 1024;

/** Lets large bodies be read a few at a time, fairly by source. A sender that is slow takes no place from others. */
export class BodyQueue {
  readonly #queue = new FairQueue(limits);

  /** Bodies that are waiting to be read. */
  get waiting(): number {
    return this.#queue.waiting;
  }

  /**
   * Reads a body when it is its turn.
   * @param declared its bytes; NaN where the sender told none
   * @param read reads it; calls what it is given for each piece
   * @throws FrsError what `read` throws; FRS.0033 too many wait, or it waited too long; the reason of the deadline's signal
   */
  read(
    source: string,
    declared: number,
    deadline: Deadline,
    read: (progress: () => void) => Promise<Uint8Array>,
  ): Promise<Uint8Array> {
    if (declared <= smallBytes) return read(() => {});
    return new Promise((resolve, reject) => {
      deadline.startQueue();
      const place = () =>
        new Promise<void>((next) => {
          const stalled = setTimeout(next, stalledMs);
          const ended = () => {
            clearTimeout(stalled);
            next();
          };
          const whole = read(() => stalled.refresh());
          whole.then(resolve, reject);
          whole.then(ended, ended);
        });
      this.#queue.run({ project: source, operation: 'body' }, place, deadline.signal).catch(reject);
    });
  }
}
