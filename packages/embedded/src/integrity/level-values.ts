import { checkValue } from '../level/checked-value.ts';
import { ByteCursor, Malformed } from './byte-cursor.ts';

/** One write of a LevelDB, as a log or a table has it; `value` undefined: the key was removed. */
export interface LevelEntry {
  readonly key: Buffer;
  /** The higher one of a key counts. */
  readonly sequence: bigint;
  readonly value: Buffer | undefined;
}

const typeOf = { removal: 0, value: 1 } as const;

/** The writes of a log's records ("write batches"). @throws Malformed */
export function* entriesOfLog(records: readonly Buffer[]): Generator<LevelEntry> {
  for (const record of records) {
    const cursor = new ByteCursor(record);
    let sequence = cursor.take(8).readBigUInt64LE();
    cursor.take(4);
    while (!cursor.done) {
      const type = cursor.take(1)[0];
      if (type !== typeOf.removal && type !== typeOf.value)
        throw new Malformed('a write is of no known kind');
      const key = cursor.text();
      yield { key, sequence, value: type === typeOf.value ? cursor.text() : undefined };
      sequence += 1n;
    }
  }
}

/** The entries of a table's block of data, whose keys share their beginnings. @throws Malformed */
export function* entriesOfBlock(block: Buffer): Generator<LevelEntry> {
  if (block.length < 4) throw new Malformed('a block is too short');
  const restarts = block.readUInt32LE(block.length - 4);
  const cursor = new ByteCursor(block, 0, block.length - 4 - 4 * restarts);
  let before = Buffer.alloc(0);
  while (!cursor.done) {
    const shared = cursor.varint();
    const own = cursor.varint();
    const valueBytes = cursor.varint();
    before = Buffer.concat([before.subarray(0, shared), cursor.take(own)]);
    const value = cursor.take(valueBytes);
    // Behind a key: its type (1 byte) and sequence (7), little-endian.
    if (before.length < 8) throw new Malformed('a key is too short');
    const tag = before.readBigUInt64LE(before.length - 8);
    const isValue = Number(tag & 0xffn) === typeOf.value;
    yield {
      key: before.subarray(0, before.length - 8),
      sequence: tag >> 8n,
      value: isValue ? value : undefined,
    };
  }
}

/** A value that isn't as it was written. */
interface Suspect {
  readonly key: string;
  readonly sequence: bigint;
  readonly file: string;
  readonly problem: string;
}

/** Compares the checksums of values; of those that are wrong only the ones count that nothing has replaced since. */
export class ValueCheck {
  readonly #suspects: Suspect[] = [];
  readonly #newest = new Map<string, bigint>();

  /** First of all files: notes what is wrong. */
  look(file: string, entries: Iterable<LevelEntry>): void {
    for (const { key, sequence, value } of entries) {
      if (value === undefined) continue;
      try {
        checkValue(key, value);
      } catch (error) {
        const problem = (error as Error).message;
        this.#suspects.push({ key: key.toString('latin1'), sequence, file, problem });
      }
    }
  }

  get hasSuspects(): boolean {
    return this.#suspects.length > 0;
  }

  /** Then, if there are suspects, of all files again: notes what has replaced them. */
  lookForNewer(entries: Iterable<LevelEntry>): void {
    const wanted = new Set(this.#suspects.map(({ key }) => key));
    for (const { key, sequence } of entries) {
      const name = key.toString('latin1');
      if (wanted.has(name) && sequence > (this.#newest.get(name) ?? -1n)) this.#newest.set(name, sequence);
    }
  }

  /** By file. */
  faults(): { readonly file: string; readonly problem: string }[] {
    return this.#suspects
      .filter(({ key, sequence }) => this.#newest.get(key) === sequence)
      .map(({ key, file, problem }) => ({
        file,
        problem: `is damaged (the value of ${JSON.stringify(key.replaceAll('\0', '/'))}: ${problem})`,
      }));
  }
}
