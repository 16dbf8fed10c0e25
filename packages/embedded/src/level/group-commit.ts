import { StorageFault } from './storage-fault.ts';

interface Waiting<T> {
  readonly writes: readonly T[];
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * Group commit: one group of writes is brought to the disk at a time, and those that come meanwhile go together in the next.
 * After one that failed none is tried until `reopened`: LevelDB would append it behind the torn end of its log, where a
 * recovery doesn't find it.
 */
export class GroupCommit<T> {
  readonly #commit: (writes: readonly T[]) => Promise<void>;
  #waiting: Waiting<T>[] = [];
  #running: Promise<void> | undefined;
  #closed = false;
  #failure: Error | undefined;
  /** Told once of a failure. */
  onFailure: (error: unknown) => void = () => {};

  /** @param commit resolves when all of a group, or none of it, is on the disk */
  constructor(commit: (writes: readonly T[]) => Promise<void>) {
    this.#commit = commit;
  }

  get failed(): boolean {
    return this.#failure !== undefined;
  }

  /** All of these or none; resolves when they are on the disk. @throws StorageFault; Error it was closed */
  add(writes: readonly T[]): Promise<void> {
    if (this.#closed) return Promise.reject(new Error('Database is closed'));
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ writes, resolve, reject });
      this.#running ??= this.#drain();
    });
  }

  /** Takes nothing more; resolves when what was taken has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
  }

  /** The log is whole again. */
  reopened(): void {
    this.#failure = undefined;
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      try {
        if (this.#failure) throw this.#failure;
        await this.#commit(group.flatMap(({ writes }) => writes));
        for (const { resolve } of group) resolve();
      } catch (error) {
        this.#fail(error, group);
      }
    }
    this.#running = undefined;
  }

  #fail(error: unknown, group: readonly Waiting<T>[]): void {
    const first = this.#failure === undefined;
    this.#failure ??= StorageFault.unwritable(error);
    for (const { reject } of group) reject(this.#failure);
    if (first) this.onFailure(error);
  }
}
