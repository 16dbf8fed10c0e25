import type { Deadline } from '../deadline.ts';
import { FairQueue } from './fair-queue.ts';

/**
 * Bodies that are read side by side, and how many may wait. Each takes its piece of every turn of the event loop: of 300 senders
 * that are all faster than the service, everybody else waited 10 s for a few turns.
 */
const limits = { running: 4, waiting: 4096 };
/** A body of which nothing came in the turn after its last piece, for so long, leaves its place to the next one, and is read on: its sender is the slower one. */
const slowMs = 100;
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
          const timer = setTimeout(next, slowMs);
          let isNextTurn = false;
          let ending: NodeJS.Immediate | undefined;
          const whole = read(() => {
            if (isNextTurn) timer.refresh();
            isNextTurn = true;
            clearImmediate(ending);
            ending = setImmediate(() => {
              ending = setImmediate(() => {
                isNextTurn = false;
              });
            });
          });
          whole.then(resolve, reject).finally(() => {
            clearTimeout(timer);
            // In a later turn: of hundreds that are refused at once, each would let in the next one in this.
            setImmediate(next);
          });
        });
      this.#queue.run({ project: source, operation: 'body' }, place, deadline.signal).catch(reject);
    });
  }
}
