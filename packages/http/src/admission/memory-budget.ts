/** What one request holds of the budget. */
export interface MemoryReservation {
  /** Counts bytes that came in; false, and none of them counted, where the budget or its owner's share would be passed. */
  add(bytes: number): boolean;
  /** Counts what is and will be reserved as another owner's, who is known by now. */
  assign(owner: string): void;
  /** Has something done when all of it is given back: freeing what was counted. */
  onRelease(free: () => void): void;
  /** Gives all of it back; may be called again. */
  release(): void;
}

/**
 * A bound on the bodies that the process holds, of all requests together. Those of signed requests are read before anybody is
 * authenticated, because signatures are over their hash: without a bound, anyone could fill the memory. Bytes count as
 * they come in, so that a sender who promises much and sends little takes nothing from others. With several requests one owner
 * (the address a request came from, later its project) may hold half.
 */
export class MemoryBudget {
  readonly #limit: number;
  readonly #owners = new Map<string, number>();
  #reserved = 0;

  constructor(bytes: number) {
    this.#limit = bytes;
  }

  /** Bytes reserved now. */
  get reserved(): number {
    return this.#reserved;
  }

  reserve(owner = ''): MemoryReservation {
    let mine = 0;
    let frees: (() => void)[] = [];
    const count = (bytes: number) => {
      const held = (this.#owners.get(owner) ?? 0) + bytes;
      if (held === 0) this.#owners.delete(owner);
      else this.#owners.set(owner, held);
      this.#reserved += bytes;
      mine += bytes;
    };
    return {
      add: (bytes) => {
        const others = (this.#owners.get(owner) ?? 0) - mine;
        // What is alone may be as large as the budget.
        const passesShare = others > 0 && others + mine + bytes > this.#limit / 2;
        if (passesShare || this.#reserved + bytes > this.#limit) return false;
        count(bytes);
        return true;
      },
      assign: (next) => {
        const bytes = mine;
        count(-bytes);
        owner = next;
        count(bytes);
      },
      onRelease: (free) => frees.push(free),
      release: () => {
        for (const free of frees) free();
        frees = [];
        count(-mine);
      },
    };
  }
}
