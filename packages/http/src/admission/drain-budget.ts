import { TokenBucket } from './token-bucket.ts';

const mebibyte = 1024 * 1024;

/** Of one refused body, so many bytes are read on and dropped: twice the largest that is taken. */
export const maxDrainBytes = 24 * mebibyte;

/** What reading on refused bodies may take of a service: it keeps the thread that answers busy, and a flood has many. */
export class DrainBudget {
  readonly #allowance: TokenBucket;
  readonly #atOnce: number;
  #running = 0;

  /** @param atOnce bodies side by side */
  constructor(atOnce = 128, bytes = { capacity: 96 * mebibyte, perSecond: 24 * mebibyte }) {
    this.#atOnce = atOnce;
    this.#allowance = new TokenBucket(bytes);
  }

  /** @param expected bytes, 0 where none were told @returns false, and nothing is taken, where the body is not to be read on */
  tryStart(expected: number): boolean {
    if (expected > maxDrainBytes || this.#running >= this.#atOnce) return false;
    if (!this.#allowance.tryTake(expected)) return false;
    this.#running += 1;
    return true;
  }

  /** Takes bytes that were not expected. @returns false where there are none left */
  tryTake(bytes: number): boolean {
    return this.#allowance.tryTake(bytes);
  }

  end(): void {
    this.#running -= 1;
  }
}
