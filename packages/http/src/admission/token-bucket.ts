export interface BucketLimits {
  /** Tokens that may be taken at once. */
  readonly capacity: number;
  readonly perSecond: number;
}

/** A rate limit that lets bursts through (token bucket, as in ITU-T I.371). */
export class TokenBucket {
  readonly #limits: BucketLimits;
  readonly #clock: () => number;
  #tokens: number;
  #at: number;

  /** @param clock milliseconds */
  constructor(limits: BucketLimits, clock: () => number = () => performance.now()) {
    this.#limits = limits;
    this.#clock = clock;
    this.#tokens = limits.capacity;
    this.#at = clock();
  }

  /** Takes so many tokens, or none where there are fewer. */
  tryTake(count: number): boolean {
    this.#refill();
    if (this.#tokens < count) return false;
    this.#tokens -= count;
    return true;
  }

  /**
   * Takes a token that there may not be yet.
   * @param longestMs no token is borrowed from later than that
   * @returns milliseconds until it is there
   */
  borrow(longestMs: number): number {
    this.#refill();
    const { perSecond } = this.#limits;
    this.#tokens = Math.max(this.#tokens - 1, (-longestMs / 1000) * perSecond);
    return Math.max(0, (-this.#tokens / perSecond) * 1000);
  }

  /** A token that was taken and not needed. */
  giveBack(): void {
    this.#refill();
    this.#tokens = Math.min(this.#limits.capacity, this.#tokens + 1);
  }

  /** Nothing was taken for long enough. */
  get isFull(): boolean {
    this.#refill();
    return this.#tokens >= this.#limits.capacity;
  }

  #refill(): void {
    const now = this.#clock();
    const { capacity, perSecond } = this.#limits;
    this.#tokens = Math.min(capacity, this.#tokens + ((now - this.#at) / 1000) * perSecond);
    this.#at = now;
  }
}
