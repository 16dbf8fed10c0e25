import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { makeFolder, removeFile } from '../disk/files.ts';
import { FolderSync } from '../disk/folder-sync.ts';
import { wasNeverOpened } from '../integrity/check-level.ts';
import { cutTornManifest } from '../integrity/torn-manifest.ts';
import { tell } from '../log.ts';
import { checkedValue, hasChecksum, textOf } from './checked-value.ts';
import { GroupCommit } from './group-commit.ts';
import { StorageFault } from './storage-fault.ts';

/** `value` absent: the key is removed. */
export interface Write {
  readonly key: Buffer;
  readonly value?: string;
}

/** Keys in LevelDB's order, that of their bytes. */
export interface KeyRange {
  readonly gt?: Buffer;
  readonly gte?: Buffer;
  readonly lt?: Buffer;
  readonly lte?: Buffer;
  /** −1 or absent: all. */
  readonly limit?: number;
  /** From the end on. */
  readonly reverse?: boolean;
}

export interface LevelOptions {
  /** False: a write is acknowledged before it is on the disk, and a power cut may lose it. */
  readonly flush: boolean;
  /** Told of the first write that failed; none is tried any more until `reopen`. */
  readonly onFailure?: (error: unknown) => void;
}

type NativeWrite = ({ type: 'put'; key: Buffer; value: Buffer } | { type: 'del'; key: Buffer }) & {
  /** It is acknowledged when it is on the disk. */
  readonly durable: boolean;
};

/** So much is read at once of a range; lists with a delimiter jump often. */
const readAheadBytes = 64 * 1024;
/** So many damaged entries are told of; all are refused. */
const mostTold = 100;
/** Values of older versions are rewritten in groups of so many bytes. */
const rewriteBytes = 4 * 1024 ** 2;

/**
 * A LevelDB whose writes are acknowledged when they are on the disk (group commit), and whose values carry checksums that every
 * read compares.
 */
export class DurableLevel {
  readonly #dir: string;
  readonly #flush: boolean;
  readonly #folder: FolderSync;
  readonly #writes: GroupCommit<NativeWrite>;
  readonly #told = new Set<string>();
  #opened: ClassicLevel<Buffer, Buffer> | undefined;

  constructor(dir: string, { flush, onFailure }: LevelOptions) {
    this.#dir = dir;
    this.#flush = flush;
    this.#folder = new FolderSync(dir);
    this.#writes = new GroupCommit((writes) => this.#commit(writes));
    if (onFailure) this.#writes.onFailure = onFailure;
  }

  /** @throws Error what LevelDB says of the folder; with code LEVEL_LOCKED in its chain where another process has it open */
  async open(): Promise<void> {
    await makeFolder(this.#dir);
    // Not before: a LevelDB opens its folder by itself as soon as it is made.
    this.#opened = new ClassicLevel<Buffer, Buffer>(this.#dir, {
      keyEncoding: 'buffer',
      valueEncoding: 'buffer',
    });
    await this.#openAfterPowerCut();
    if (this.#flush) await this.#folder.settle();
  }

  /**
   * LevelDB forgives a log the write that a power cut tore, and a manifest it doesn't: there it is cut off. One whose first opening was
   * cut off is made anew.
   */
  async #openAfterPowerCut(): Promise<void> {
    try {
      await this.#level.open();
    } catch (error) {
      // Where another process has the folder open it says so before it reads any file.
      const { code } = ((error as Error).cause ?? {}) as NodeJS.ErrnoException;
      if (code === 'LEVEL_LOCKED') throw error;
      if (await wasNeverOpened(this.#dir)) await removeFile(join(this.#dir, 'CURRENT'));
      else if (code !== 'LEVEL_CORRUPTION' || !(await cutTornManifest(this.#dir))) throw error;
      await this.#level.open();
    }
  }

  /** Lets the writes under way end. */
  async close(): Promise<void> {
    await this.#writes.close();
    await this.#opened?.close();
  }

  get failed(): boolean {
    return this.#writes.failed;
  }

  /**
   * Takes writes again after one that failed: the log is read back up to its torn end. Nothing may be using the store meanwhile.
   * @throws Error it could not be opened; calling again tries again
   */
  async reopen(): Promise<void> {
    await this.#level.close();
    await this.#level.open({ createIfMissing: false });
    this.#writes.reopened();
  }

  /** Takes microseconds; by libuv's threads it would wait behind the pictures that are decoded there. @throws StorageFault */
  get(key: Buffer): string | undefined {
    let stored: Buffer | undefined;
    try {
      stored = this.#level.getSync(key);
    } catch (error) {
      throw StorageFault.unreadable(error);
    }
    return stored === undefined ? undefined : this.#textOf(key, stored);
  }

  /**
   * All of these or none; resolves when they are on the disk.
   * @param durable false: resolves when a kill doesn't lose them any more; a power cut does, until the disk has them
   * @throws StorageFault
   */
  write(writes: readonly Write[], { durable = true } = {}): Promise<void> {
    return this.#writes.add(
      writes.map(({ key, value }) =>
        value === undefined
          ? { type: 'del', key, durable }
          : { type: 'put', key, value: checkedValue(key, value), durable },
      ),
    );
  }

  /**
   * The entries of a range as they were when it began; `next(seekTo)` jumps on to a key at or behind.
   * @throws StorageFault an entry is damaged
   */
  async *entries(range: KeyRange): AsyncGenerator<[key: Buffer, text: string], void, Buffer | undefined> {
    const iterator = this.#level.iterator({ ...range, highWaterMarkBytes: readAheadBytes });
    try {
      for (let entry = await readable(iterator.next()); entry; entry = await readable(iterator.next())) {
        const [key, stored] = entry;
        const seekTo = yield [key, this.#textOf(key, stored)];
        if (seekTo) iterator.seek(seekTo);
      }
    } finally {
      await iterator.close();
    }
  }

  async *keys(range: KeyRange): AsyncGenerator<Buffer> {
    for await (const key of this.#level.keys(range)) yield key;
  }

  /** Gives values of a data folder of format 1 their checksums. May be cut off and begun again. Returns how many got one. */
  async addChecksums(): Promise<number> {
    let count = 0;
    let bytes = 0;
    let group: Write[] = [];
    for await (const [key, stored] of this.#level.iterator({ highWaterMarkBytes: readAheadBytes })) {
      if (hasChecksum(stored)) continue;
      group.push({ key, value: stored.toString() });
      count += 1;
      bytes += stored.length;
      if (bytes < rewriteBytes) continue;
      await this.write(group);
      group = [];
      bytes = 0;
    }
    if (group.length > 0) await this.write(group);
    return count;
  }

  async #commit(writes: readonly NativeWrite[]): Promise<void> {
    const sync = this.#flush && writes.some(({ durable }) => durable);
    // One by one: an array's members are cloned first, which takes four times as long.
    const batch = this.#level.batch();
    for (const write of writes) {
      if (write.type === 'put') batch.put(write.key, write.value);
      else batch.del(write.key);
    }
    await batch.write({ sync });
    // LevelDB brings a new log's bytes to the disk, and not its name.
    if (sync) await this.#folder.settle();
  }

  #textOf(key: Buffer, stored: Buffer): string {
    try {
      return textOf(key, stored);
    } catch (error) {
      const fault = StorageFault.damaged(`the entry ${printable(key)} of ${this.#dir}`, error);
      this.#tell(fault.message);
      throw fault;
    }
  }

  /** Once for each, on standard error: whoever asked for it is not who can restore it. */
  #tell(message: string): void {
    if (this.#told.has(message) || this.#told.size >= mostTold) return;
    this.#told.add(message);
    tell('error', message);
  }

  get #level(): ClassicLevel<Buffer, Buffer> {
    if (!this.#opened) throw new Error(`${this.#dir} is not open`);
    return this.#opened;
  }
}

async function readable<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    throw StorageFault.unreadable(error);
  }
}

/** A key in a message: its text, with nothing in it that a terminal obeys. */
const printable = (key: Buffer): string => JSON.stringify(key.toString('latin1').replaceAll('\0', '/'));
