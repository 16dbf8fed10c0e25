import type { Deadline } from '../deadline.ts';
import { FairQueue } from './fair-queue.ts';

/**
 * Bodies that are read side by side, and how many may wait. In a turn of the event loop Node takes up to 2 MB of each (libuv
 * reads 32 times 64 kB): of 300 senders that are all faster than the service, everybody else waited 10 s for a few turns.
 */
const limits = { running: 4, waiting: 4096 };
/** A body of which less than this came in each turn for so long leaves its place to the next one, and is read on: its sender is the slower one. */
const slow = { turnBytes: 64 * 1024, ms: 100 };
/** Bytes of a body that is read at once: it comes in a piece or two. */
const smallBytes = 64 * 1024;

/** Lets large bodies be read a few at a time, fairly by source. Senders on slow lines take no places from each other. */
export class BodyQueue {
  readonly #queue = new FairQueue(limits);

  /** Bodies that are waiting to be read. */
  get waiting(): number {
    return this.#queue.waiting;
  }

  /**
   * Reads a body when it is its turn.
   * @param declared its bytes; NaN where the sender told none
   * @param read reads it; calls what it is given for each piece with its bytes
   * @throws FrsError what `read` throws; FRS.0033 too many wait, or it waited too long; the reason of the deadline's signal
   */
  read(
    source: string,
    declared: number,
    deadline: Deadline,
    read: (progress: (bytes: number) => void) => Promise<Uint8Array>,
  ): Promise<Uint8Array> {
    if (declared <= smallBytes) return read(() => {});
    return new Promise((resolve, reject) => {
      deadline.startQueue();
      const place = () =>
        new Promise<void>((next) => {
          const timer = setTimeout(next, slow.ms);
          let turnBytes = 0;
          const endTurn = () => {
            if (turnBytes >= slow.turnBytes) timer.refresh();
            turnBytes = 0;
          };
          const whole = read((bytes) => {
            if (turnBytes === 0) setImmediate(endTurn);
            turnBytes += bytes;
          });
          whole.then(resolve, reject).finally(() => {
            clearTimeout(timer);
            next();
          });
        });
      this.#queue.run({ project: source, operation: 'body' }, place, deadline.signal).catch(reject);
    });
  }
}
