/**
 * Memory for what pictures are decoded to, out of one budget with the bodies that are held. Nobody waits for others: an owner's first
 * picture begins at once, as far as there are workers; its further ones wait until they fit beside the bodies and pictures of all.
 */
export class WorkMemory {
  readonly #limit: number;
  readonly #bodies: () => number;
  readonly #held = new Map<string, number>();
  readonly #waiting = new Set<Waiting>();
  #reserved = 0;

  /**
   * @param limit bytes of bodies and decoded pictures together
   * @param bodies bytes of the bodies that are held
   */
  constructor(limit: number, bodies: () => number = () => 0) {
    this.#limit = limit;
    this.#bodies = bodies;
  }

  /** Bytes of pictures that are being looked at. */
  get reserved(): number {
    return this.#reserved;
  }

  /**
   * Runs work that takes so many bytes, when they are there. Rejects with the signal's reason where that aborts before.
   * @param owner whose work it is: a project
   */
  async run<Result>(
    owner: string,
    bytes: number,
    work: () => Promise<Result>,
    signal?: AbortSignal,
  ): Promise<Result> {
    signal?.throwIfAborted();
    await this.#turn({ owner, bytes, begin: () => {} }, signal);
    try {
      return await work();
    } finally {
      this.#count(owner, -bytes);
      this.#admit();
    }
  }

  #turn(entry: Waiting, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting.delete(entry);
        reject(signal?.reason);
      };
      entry.begin = () => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.#waiting.add(entry);
      this.#admit();
    });
  }

  /** In order, but that whoever does not fit lets others pass: its own owner's work ends before, and asks again. */
  #admit(): void {
    for (const entry of this.#waiting) {
      if (!this.#fits(entry)) continue;
      this.#waiting.delete(entry);
      this.#count(entry.owner, entry.bytes);
      entry.begin();
    }
  }

  #fits({ owner, bytes }: Waiting): boolean {
    return !this.#held.has(owner) || this.#bodies() + this.#reserved + bytes <= this.#limit;
  }

  #count(owner: string, bytes: number): void {
    const sum = (this.#held.get(owner) ?? 0) + bytes;
    if (sum === 0) this.#held.delete(owner);
    else this.#held.set(owner, sum);
    this.#reserved += bytes;
  }
}

interface Waiting {
  readonly owner: string;
  readonly bytes: number;
  begin: () => void;
}
