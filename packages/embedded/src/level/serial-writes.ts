import { AbstractIterator, AbstractLevel } from 'abstract-level';
import { ClassicLevel } from 'classic-level';
import { StorageFault } from './storage-fault.ts';

/** A write as LevelDB's binding takes it: encoded. */
interface EncodedWrite {
  readonly type: 'put' | 'del';
  readonly key: unknown;
  readonly value?: unknown;
}

interface Waiting {
  readonly writes: readonly EncodedWrite[];
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

type WriteGroup = (writes: readonly EncodedWrite[]) => Promise<void>;

/**
 * The writes of one LevelDB, a group at a time: those that wait go together in the next. After one that failed none is
 * tried until `reopened`: LevelDB would append it behind the torn end of its log, where a recovery doesn't find it.
 */
export class SerialWrites {
  readonly #write: WriteGroup;
  #waiting: Waiting[] = [];
  #running = false;
  #failure: Error | undefined;
  /** Told once of a failure. */
  onFailure: (error: unknown) => void = () => {};

  constructor(write: WriteGroup) {
    this.#write = write;
  }

  get failed(): boolean {
    return this.#failure !== undefined;
  }

  /** All of these or none. @throws StorageFault */
  add(writes: readonly EncodedWrite[]): Promise<void> {
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ writes, resolve, reject });
      if (!this.#running) void this.#drain();
    });
  }

  /** The log is whole again. */
  reopened(): void {
    this.#failure = undefined;
  }

  async #drain(): Promise<void> {
    this.#running = true;
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      try {
        if (this.#failure) throw this.#failure;
        await this.#write(group.flatMap(({ writes }) => writes));
        for (const { resolve } of group) resolve();
      } catch (error) {
        this.#fail(error, group);
      }
    }
    this.#running = false;
  }

  #fail(error: unknown, group: readonly Waiting[]): void {
    const first = this.#failure === undefined;
    this.#failure ??= StorageFault.unwritable(error);
    for (const { reject } of group) reject(this.#failure);
    if (first) this.onFailure(error);
  }
}

type Native = {
  _batch(writes: readonly EncodedWrite[], options: object): Promise<void>;
};
const nativeBatch = (ClassicLevel.prototype as unknown as Native)._batch;
const known = new WeakMap<object, SerialWrites>();
const byLocation = new Map<string, ClassicLevel>();

/** The writes of a LevelDB; every one made in this thread writes through them. */
export function serialWritesOf(level: object): SerialWrites {
  const found = known.get(level);
  if (found) return found;
  const writes = new SerialWrites((group) => nativeBatch.call(level, group, {}));
  known.set(level, writes);
  return writes;
}

/** The LevelDB that was opened last for a folder, in this thread; also by a library that doesn't show its own. */
export const levelAt = (location: string): ClassicLevel | undefined => byLocation.get(location);

const nativeOpen = (ClassicLevel.prototype as unknown as { _open(options: object): Promise<void> })._open;

Object.assign(ClassicLevel.prototype, {
  async _open(this: ClassicLevel, options: object): Promise<void> {
    byLocation.set(this.location, this);
    await nativeOpen.call(this, options);
  },
  _batch(this: object, writes: readonly EncodedWrite[]): Promise<void> {
    return serialWritesOf(this).add(writes);
  },
  _put(this: object, key: unknown, value: unknown): Promise<void> {
    return serialWritesOf(this).add([{ type: 'put', key, value }]);
  },
  _del(this: object, key: unknown): Promise<void> {
    return serialWritesOf(this).add([{ type: 'del', key }]);
  },
});

type Method = (this: object, ...args: never[]) => Promise<unknown>;

/** What a method of LevelDB fails with becomes an error that dynalite can answer with. */
function answerable(
  owner: object,
  names: readonly string[],
  asFault: (error: unknown) => StorageFault,
): void {
  const methods = owner as Record<string, Method>;
  for (const name of names) {
    const method = methods[name] as Method;
    methods[name] = async function (...args) {
      try {
        return await method.apply(this, args);
      } catch (error) {
        throw error instanceof StorageFault ? error : asFault(error);
      }
    };
  }
}

answerable(AbstractLevel.prototype, ['get'], StorageFault.unreadable);
answerable(AbstractLevel.prototype, ['put', 'del', 'batch'], StorageFault.unwritable);
// Iterators of entries, keys and values have their steps from one class, which isn't exported.
answerable(Object.getPrototypeOf(AbstractIterator.prototype), ['next'], StorageFault.unreadable);
