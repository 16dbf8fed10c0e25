import { FairQueue } from './fair-queue.ts';

const limits = { running: 1, waiting: 4096 };
/** Bytes of a body that is parsed at once: some 4 ms at most. */
const smallBytes = 1024 * 1024;
/** Milliseconds. */
const longestPause = 100;

/**
 * Lets large bodies be parsed one at a time, fairly by project, and leaves the event loop to all others for as long afterwards as each
 * took (100 ms at most). One of 8 MB takes 30 ms or more in one piece: where several became whole together, everybody else waited
 * for all of them.
 */
export class ParseQueue {
  readonly #queue = new FairQueue(limits);

  /** Does the work when it is its turn. @throws what the work throws; FRS.0033 too many wait; the signal's reason */
  run<Result>(
    project: string,
    bytes: number,
    work: () => Result | Promise<Result>,
    signal: AbortSignal,
  ): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (bytes <= smallBytes) {
        resolve(work());
        return;
      }
      const place = async () => {
        const begun = performance.now();
        try {
          resolve(await work());
        } catch (error) {
          reject(error);
        }
        const pause = Math.min(performance.now() - begun, longestPause);
        await new Promise((next) => setTimeout(next, pause));
      };
      this.#queue.run({ project, operation: 'parse' }, place, signal).catch(reject);
    });
  }
}
