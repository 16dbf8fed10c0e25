import { statSync } from 'node:fs';
import { syncFolder } from './files.ts';

/** File systems note a change by a clock that moves in steps of up to so many nanoseconds (a tick of Linux at 100 Hz). */
const clockStepNs = 20_000_000n;

/**
 * Brings a folder's entries to the disk where they may have changed since it was last done: a look costs microseconds. For a
 * library that makes files and doesn't say so.
 */
export class FolderSync {
  readonly #dir: string;
  /** When the folder had last changed as it was brought to the disk; undefined where it may have changed in that instant again. */
  #settled: bigint | undefined;

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** @throws Error as the file system says it */
  async settle(): Promise<void> {
    const changed = statSync(this.#dir, { bigint: true }).mtimeNs;
    if (changed === this.#settled) return;
    await syncFolder(this.#dir);
    const age = BigInt(Date.now()) * 1_000_000n - changed;
    this.#settled = age > clockStepNs ? changed : undefined;
  }
}
