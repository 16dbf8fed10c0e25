/** What one request holds of the budget. */
export interface MemoryReservation {
  /** Counts bytes that came in; false, and none of them counted, where the budget or its owner's share would be passed. */
  add(bytes: number): boolean;
  /** Counts what is and will be reserved as another owner's, who is known by now. */
  assign(owner: string): void;
  /** Counts so many bytes fewer, at most what is counted: they were freed. */
  subtract(bytes: number): void;
  /** Has something done when it is freed: what was counted is given back to the system. */
  onFree(free: () => void): void;
  /** Frees what there is so far; its bytes stay counted until `subtract` or `release`. */
  free(): void;
  /** Frees all of it and counts none of it any more; may be called again. */
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
    const freeAll = () => {
      for (const free of frees) free();
      frees = [];
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
      subtract: (bytes) => count(-Math.min(bytes, mine)),
      onFree: (free) => frees.push(free),
      free: freeAll,
      release: () => {
        freeAll();
        count(-mine);
      },
    };
  }
}
