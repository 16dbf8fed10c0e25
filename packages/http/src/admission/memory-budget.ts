/** What one request holds of the budget. */
export interface MemoryReservation {
  /** Could so many more bytes be counted now, at least by ending others? */
  hasCapacity(bytes: number): boolean;
  /**
   * Counts bytes that came in. Where they don't fit, unfinished bodies of owners that hold more are ended for them.
   * @returns false, and none of them counted, where the budget or its owner's share would be passed all the same
   */
  add(bytes: number): boolean;
  /** From here to `endBody` the body is unfinished. @param end ends it, and frees what is held of it, at once: others need the memory */
  startBody(end: () => void): void;
  /** The body is whole, or is not read any more: nobody ends it. */
  endBody(): void;
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

/** An unfinished body that falls behind this pace for longer than the grace may be ended: an honest 1 Mbit/s is twice as fast. */
const pace = { bytesPerMs: 64, graceMs: 5000 };
/** Owners that hold no more than this may use the part that is kept for them; a picture of a phone's camera, scaled down, is smaller. */
const smallBytes = 1024 * 1024;

interface Held {
  owner: string;
  bytes: number;
  /** When it falls behind the pace, in milliseconds of the clock. Sending faster puts it off by the grace at most. */
  behindAt: number;
  end: () => void;
}

/**
 * A bound on the bodies that the process holds: those of signed requests are read before anybody is authenticated. Bytes count as they come
 * in. With several requests one owner (an address, later a project) may hold half, and an eighth is kept for owners that hold little.
 * The slowest unfinished body of the owner that holds most may be ended for others (max-min fairness); a whole body never is.
 */
export class MemoryBudget {
  readonly #limit: number;
  readonly #now: () => number;
  readonly #owners = new Map<string, number>();
  readonly #unfinished = new Set<Held>();
  #reserved = 0;

  /** @param now milliseconds of a clock that never goes back */
  constructor(bytes: number, now: () => number = () => performance.now()) {
    this.#limit = bytes;
    this.#now = now;
  }

  /** Bytes reserved now. */
  get reserved(): number {
    return this.#reserved;
  }

  reserve(owner = ''): MemoryReservation {
    const held: Held = { owner, bytes: 0, behindAt: 0, end: () => {} };
    let frees: (() => void)[] = [];
    const freeAll = () => {
      for (const free of frees) free();
      frees = [];
    };
    return {
      // The first byte is what ending others is for: `add` ends one after the other as the body grows.
      hasCapacity: (bytes) => this.#fits(held, bytes) || this.#victim(held, 1) !== undefined,
      add: (bytes) => {
        while (!this.#fits(held, bytes)) {
          const victim = this.#victim(held, bytes);
          if (victim === undefined) return false;
          this.#unfinished.delete(victim);
          victim.end();
          this.#count(victim, -victim.bytes);
        }
        this.#count(held, bytes);
        const latest = this.#now() + pace.graceMs;
        held.behindAt = Math.min(held.behindAt + bytes / pace.bytesPerMs, latest);
        return true;
      },
      startBody: (end) => {
        held.end = end;
        held.behindAt = this.#now() + pace.graceMs;
        this.#unfinished.add(held);
      },
      endBody: () => this.#unfinished.delete(held),
      assign: (next) => {
        const { bytes } = held;
        this.#count(held, -bytes);
        held.owner = next;
        this.#count(held, bytes);
      },
      subtract: (bytes) => this.#count(held, -Math.min(bytes, held.bytes)),
      onFree: (free) => frees.push(free),
      free: freeAll,
      release: () => {
        this.#unfinished.delete(held);
        freeAll();
        this.#count(held, -held.bytes);
      },
    };
  }

  #of(owner: string): number {
    return this.#owners.get(owner) ?? 0;
  }

  #count(held: Held, bytes: number): void {
    const sum = this.#of(held.owner) + bytes;
    if (sum === 0) this.#owners.delete(held.owner);
    else this.#owners.set(held.owner, sum);
    this.#reserved += bytes;
    held.bytes += bytes;
  }

  #fits({ owner, bytes: mine }: Held, bytes: number): boolean {
    const sum = this.#of(owner) + bytes;
    // What is alone may be as large as the budget.
    const isOnlyOfOwner = this.#of(owner) === mine;
    if (!isOnlyOfOwner && sum > this.#limit / 2) return false;
    const isSmall = sum <= Math.min(smallBytes, this.#limit / 16);
    const isOnly = this.#reserved === mine;
    return this.#reserved + bytes <= (isSmall || isOnly ? this.#limit : (this.#limit * 7) / 8);
  }

  /** The unfinished body to end so that another may grow, if there is one. */
  #victim(asking: Held, bytes: number): Held | undefined {
    const now = this.#now();
    const wanted = this.#of(asking.owner) + bytes;
    const fairShare = this.#limit / (this.#owners.size + 1);
    let victim: Held | undefined;
    for (const held of this.#unfinished) {
      if (held === asking || held.bytes === 0) continue;
      const isBehind = held.behindAt < now;
      const sum = this.#of(held.owner);
      // Owners don't end their own but for its pace: many uploads at a time would end each other for ever.
      const mayEnd = held.owner === asking.owner ? isBehind : sum > wanted || (isBehind && sum > fairShare);
      if (!mayEnd) continue;
      const most = victim === undefined ? -1 : this.#of(victim.owner);
      if (victim === undefined || sum > most || (sum === most && held.behindAt < victim.behindAt))
        victim = held;
    }
    return victim;
  }
}
