import { Readable } from 'node:stream';
import type { DurableLevel, KeyRange, Write } from '../level/durable-level.ts';
import { KeyLocks } from '../level/key-locks.ts';
import { StorageFault } from '../level/storage-fault.ts';
import type { Callback, Collection, DynaliteStore, TextRange } from './dynalite.ts';

/** DynamoDB's limit for an item. */
const maxItemBytes = 400 * 1024;
/** Items of a table that is deleted go in groups of so many. */
const deletedAtOnce = 1000;
/** The account that names of resources carry; any will do. */
const account = '000000000000';

export interface Tables {
  /** Each operation on its own. */
  readonly store: DynaliteStore;
  /**
   * Runs operations as one: on a store of their own, whose writes are made when all have ended, together, or not at all where `work`
   * rejects. Keys that they lock stay locked till then. One at a time, so that none waits for another's keys.
   * @param work told by `isTwice` whether two of its operations took the same key, which none of them waits for
   */
  together<T>(work: (store: DynaliteStore, isTwice: () => boolean) => Promise<T>): Promise<T>;
}

/** What tables need of a LevelDB. */
type Entries = Pick<DurableLevel, 'get' | 'write' | 'keys' | 'entries'>;
/** Calls `taken` when the key of a collection is the caller's, with what gives it back. */
type Lock = (collection: string, key: string, taken: (release: () => void) => void) => void;

/**
 * Tables, items and indexes in one LevelDB. The keys are those of dynalite 4.0.0's own store (`item-TABLE~KEY`): data folders of
 * older versions go on.
 * @param counters tables whose items are worth nothing after a power cut: nobody waits for the disk for them
 */
export function createTables(level: DurableLevel, region: string, counters: readonly string[] = []): Tables {
  const locks = new KeyLocks();
  const lock: Lock = (collection, key, taken) => {
    void locks.run(`${collection}~${key}`, () => new Promise<void>((release) => taken(release)));
  };
  const known: KnownTables = new Map();
  const open = (entries: Entries, lock: Lock) => openTables(entries, lock, region, counters, known);
  let last: Promise<unknown> = Promise.resolve();
  return {
    store: open(level, lock),
    together(work) {
      const mine = last.then(async () => {
        const held = new Map<string, () => void>();
        let isTwice = false;
        const entries = new HeldBack(level);
        const keep: Lock = (collection, key, taken) => {
          const name = `${collection}~${key}`;
          isTwice ||= held.has(name);
          if (held.has(name)) return taken(() => undefined);
          held.set(name, () => undefined);
          lock(collection, key, (release) => {
            held.set(name, release);
            taken(() => undefined);
          });
        };
        try {
          const result = await work(open(entries, keep), () => isTwice);
          await entries.commit();
          return result;
        } finally {
          for (const release of held.values()) release();
        }
      });
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}

/** A LevelDB whose writes are held back, and seen by whoever reads single keys. */
class HeldBack implements Entries {
  readonly #level: Entries;
  readonly #writes = new Map<string, Write>();
  #durable = false;

  constructor(level: Entries) {
    this.#level = level;
  }

  get(key: Buffer): string | undefined {
    const written = this.#writes.get(key.toString('latin1'));
    return written === undefined ? this.#level.get(key) : written.value;
  }

  async write(writes: readonly Write[], { durable = true } = {}): Promise<void> {
    for (const write of writes) this.#writes.set(write.key.toString('latin1'), write);
    this.#durable ||= durable;
  }

  keys(range: KeyRange) {
    return this.#level.keys(range);
  }

  entries(range: KeyRange) {
    return this.#level.entries(range);
  }

  /** All of them or none. @throws StorageFault */
  async commit(): Promise<void> {
    if (this.#writes.size > 0)
      await this.#level.write([...this.#writes.values()], { durable: this.#durable });
  }
}

/** Tables by name, as their entries are: each operation on an item asks for its table. */
type KnownTables = Map<string, object>;

function openTables(
  level: Entries,
  lock: Lock,
  region: string,
  counters: readonly string[],
  known: KnownTables,
): DynaliteStore {
  const collections = new Map<string, Collection>();
  const counting = new Set(counters.map((table) => `item-${table}`));
  const collection = (name: string): Collection => {
    const found = collections.get(name) ?? collectionIn(level, lock, name, !counting.has(name));
    collections.set(name, found);
    return found;
  };
  const clear = (name: string, callback: (error?: Error | null) => void) => {
    collections.delete(name);
    removeAll(level, `${name}~`).then(() => callback(null), callback);
  };
  const entries = collection('table');
  /** What is read while a write is under way may be as before it. */
  const forget = (name: string, write: (callback: Callback) => void, callback: Callback) => {
    known.delete(name);
    write((error) => {
      known.delete(name);
      callback(error);
    });
  };
  const tableDb = {
    ...entries,
    put: (name: string, value: unknown, callback: Callback) =>
      forget(name, (done) => entries.put(name, value, done), callback),
    del: (name: string, callback: Callback) => forget(name, (done) => entries.del(name, done), callback),
    ...{ awsAccountId: account, awsRegion: region },
  };
  const indexName = (type: string, table: string, index: string) =>
    `index-${type.toLowerCase()}~${table}~${index}`;
  return {
    options: { createTableMs: 0, deleteTableMs: 0, updateTableMs: 0, maxItemSize: maxItemBytes },
    tableDb,
    getItemDb: (table) => collection(`item-${table}`),
    getIndexDb: (type, table, index) => collection(indexName(type, table, index)),
    getTagDb: (table) => collection(`tag-${table}`),
    deleteItemDb: (table, callback) => clear(`item-${table}`, callback),
    deleteIndexDb: (type, table, index, callback) => clear(indexName(type, table, index), callback),
    deleteTagDb: (table, callback) => clear(`tag-${table}`, callback),
    getTable(name, checkStatus, callback) {
      const answer = typeof checkStatus === 'function' ? checkStatus : callback;
      // Who asks for any status changes the table that he is given: it is his own.
      const anyStatus = checkStatus === false;
      try {
        const table = (anyStatus ? undefined : known.get(name)) ?? read(level, Buffer.from(`table~${name}`));
        const { TableStatus: status } = (table ?? {}) as { TableStatus?: string };
        // One that is being made can be used at once: that it is made is one more write.
        if (status === undefined || (!anyStatus && status === 'DELETING'))
          throw new NoSuchTable(anyStatus ? name : undefined);
        if (!anyStatus) known.set(name, table as object);
        setImmediate(() => answer?.(null, table));
      } catch (error) {
        setImmediate(() => answer?.(error as Error));
      }
    },
  };
}

/** Ends what a stop left open between the first and the last write of a table's making or deletion. Nothing may use it yet. */
export async function settleTables(level: DurableLevel): Promise<void> {
  for await (const [key, text] of level.entries(within('table~', {}))) {
    const { TableName: table, TableStatus: status } = parse(key, text) as Record<string, string>;
    if (status === 'CREATING') {
      const value = text.replaceAll(/("(?:Table|Index)Status":)"CREATING"/g, '$1"ACTIVE"');
      await level.write([{ key, value }]);
    } else if (status === 'DELETING') {
      for (const kind of ['item-', 'tag-', 'index-global~', 'index-local~']) {
        await removeAll(level, `${kind}${table}~`);
      }
      await level.write([{ key }]);
    }
  }
}

/** As DynamoDB words it: operations on tables name the table, those on items don't. */
class NoSuchTable extends Error {
  override readonly name = 'NotFoundError';
  readonly statusCode = 400;
  readonly body: object;

  constructor(table: string | undefined) {
    super('Requested resource not found');
    const which = table === undefined ? '' : `: Table: ${table} not found`;
    this.body = {
      __type: 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException',
      message: `${this.message}${which}`,
    };
  }
}

function collectionIn(level: Entries, lock: Lock, name: string, durable: boolean): Collection {
  const prefix = `${name}~`;
  const at = (key: string) => Buffer.from(prefix + key);
  /** dynalite expects its callbacks later, never within the call; what it throws in them ends the thread. */
  const settle = (work: Promise<void>, callback: (error?: Error | null) => void) => {
    work.then(
      () => queueMicrotask(() => callback(null)),
      (error) => queueMicrotask(() => callback(error)),
    );
  };
  return {
    get(key, callback) {
      let found: unknown;
      try {
        found = read(level, at(key));
      } catch (error) {
        setImmediate(callback, error as Error);
        return;
      }
      setImmediate(callback, null, found);
    },
    put: (key, value, callback) =>
      settle(level.write([{ key: at(key), value: JSON.stringify(value) }], { durable }), callback),
    del: (key, callback) => settle(level.write([{ key: at(key) }], { durable }), callback),
    batch(writes, callback) {
      const all = writes.map(({ type, key, value }): Write => {
        return type === 'put' ? { key: at(key), value: JSON.stringify(value) } : { key: at(key) };
      });
      settle(level.write(all, { durable }), callback);
    },
    createKeyStream(range = {}) {
      const cut = Buffer.byteLength(prefix);
      return streamOf(level.keys(within(prefix, range)), (key) => key.toString('utf8', cut));
    },
    createValueStream: (range = {}) =>
      streamOf(level.entries(within(prefix, range)), ([key, text]) => parse(key, text)),
    lock(key, taken) {
      lock(name, key, (release) =>
        taken((callback) => (...results) => {
          release();
          callback(...results);
        }),
      );
    },
  };
}

function read(level: Entries, key: Buffer): unknown {
  const text = level.get(key);
  return text === undefined ? undefined : parse(key, text);
}

/** @throws StorageFault */
function parse(key: Buffer, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw StorageFault.damaged(`the item ${key}`, error);
  }
}

/** A range of dynalite's within one collection. */
function within(prefix: string, { gt, gte, lt, lte, ...rest }: TextRange): KeyRange {
  const at = (key: string) => Buffer.from(prefix + key);
  return {
    ...(gt !== undefined ? { gt: at(gt) } : { gte: at(gte ?? '') }),
    ...(lt !== undefined ? { lt: at(lt) } : lte !== undefined ? { lte: at(lte) } : { lt: at('\xff') }),
    ...rest,
  };
}

function streamOf<T, U>(source: AsyncGenerator<T, void, undefined>, map: (each: T) => U): Readable {
  async function* mapped() {
    for await (const each of source) yield map(each);
  }
  return Readable.from(mapped());
}

async function removeAll(level: Entries, prefix: string): Promise<void> {
  let group: Write[] = [];
  for await (const key of level.keys(within(prefix, {}))) {
    group.push({ key });
    if (group.length < deletedAtOnce) continue;
    await level.write(group);
    group = [];
  }
  if (group.length > 0) await level.write(group);
}
