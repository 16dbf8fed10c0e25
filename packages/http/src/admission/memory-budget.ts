/** What one request holds of the memory for bodies. */
export interface MemoryReservation {
  /** Counts bytes that came in; false, and none of them counted, where the memory of all bodies would be passed. */
  add(bytes: number): boolean;
  /** Gives all of it back; may be called again. */
  release(): void;
}

/**
 * A bound on the bodies that the process holds, of all requests together. Bodies are read before anybody is
 * authenticated, because signatures are over their hash: without a bound, anyone could fill the memory. Bytes count as
 * they come in, so that a sender who promises much and sends little takes nothing from others.
 */
export class MemoryBudget {
  readonly #limit: number;
  #reserved = 0;

  constructor(bytes: number) {
    this.#limit = bytes;
  }

  /** Bytes reserved now. */
  get reserved(): number {
    return this.#reserved;
  }

  reserve(): MemoryReservation {
    let mine = 0;
    return {
      add: (bytes) => {
        if (this.#reserved + bytes > this.#limit) return false;
        this.#reserved += bytes;
        mine += bytes;
        return true;
      },
      release: () => {
        this.#reserved -= mine;
        mine = 0;
      },
    };
  }
}
