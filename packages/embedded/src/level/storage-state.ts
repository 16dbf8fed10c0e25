import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { storageReason } from './storage-fault.ts';

/** A disk that takes this much takes what opening the stores writes: at most their logs (4 MiB each) once more. */
const probe = Buffer.alloc(12 * 1024 ** 2, 0xa5);
const probeName = 'space-probe';
/** So often a store that can't be written to looks whether it can. */
const probeMs = 1000;

/**
 * Whether the data folder can be written to. A write that failed says that it can't; then a file is written there every second,
 * and when that succeeds the stores are opened again.
 */
export class StorageState {
  readonly #dir: string;
  readonly #changed: (reason: string | undefined) => void;
  readonly #reopen: (() => Promise<void>)[] = [];
  #reason: string | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param changed told the reason when writes begin to fail, and `undefined` when they can be made again */
  constructor(dir: string, changed: (reason: string | undefined) => void) {
    this.#dir = dir;
    this.#changed = changed;
  }

  /** @param reopen called when there is room again; tried again where it throws. Does nothing where its store didn't fail */
  onRecovery(reopen: () => Promise<void>): void {
    this.#reopen.push(reopen);
  }

  /** A write failed, for a reason that concerns them all. */
  failed(error: unknown): void {
    if (this.#reason !== undefined) return;
    this.#reason = storageReason(error) ?? 'a write failed';
    this.#changed(this.#reason);
    this.#later();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #later(): void {
    this.#timer = setTimeout(() => void this.#recover(), probeMs);
    this.#timer.unref();
  }

  async #recover(): Promise<void> {
    try {
      await this.#probe();
      for (const reopen of this.#reopen) await reopen();
      this.#reason = undefined;
      this.#changed(undefined);
    } catch {
      this.#later();
    }
  }

  async #probe(): Promise<void> {
    const file = join(this.#dir, probeName);
    try {
      await writeFile(file, probe, { mode: 0o600 });
    } finally {
      await rm(file, { force: true });
    }
  }
}
