/** What one request holds of the memory for bodies. */
export interface BodyShare {
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
export class BodyMemory {
  readonly #limit: number;
  #held = 0;

  constructor(bytes: number) {
    this.#limit = bytes;
  }

  /** Bytes held now. */
  get held(): number {
    return this.#held;
  }

  share(): BodyShare {
    let mine = 0;
    return {
      add: (bytes) => {
        if (this.#held + bytes > this.#limit) return false;
        this.#held += bytes;
        mine += bytes;
        return true;
      },
      release: () => {
        this.#held -= mine;
        mine = 0;
      },
    };
  }
}
