import type { DurableLevel, Write } from '../../level/durable-level.ts';
import { StorageFault } from '../../level/storage-fault.ts';
import type { BlobRef, BucketRecord, ObjectRecord, PartRecord, UploadRecord } from './records.ts';

const nul = Buffer.from([0]);
/** Keys are `<table> 0 <bucket> 0 <key>` in bytes, so that LevelDB's order is S3's (UTF-8 binary). */
const keyOf = (...parts: string[]) =>
  Buffer.concat(
    parts.flatMap((part, index) => (index === 0 ? [Buffer.from(part)] : [nul, Buffer.from(part)])),
  );

/** The first key behind all that start with these bytes. */
export function after(prefix: Buffer): Buffer {
  const end = Buffer.from(prefix);
  for (let index = end.length - 1; index >= 0; index--) {
    if (end[index] !== 0xff) {
      end[index] = (end[index] ?? 0) + 1;
      return end.subarray(0, index + 1);
    }
  }
  return Buffer.from([0xff, 0xff]);
}

/** What the store holds, in LevelDB: buckets, objects, uploads under way and events not yet delivered. */
export class Catalog {
  readonly #level: DurableLevel;
  #sequence: bigint;

  /** @param level open */
  constructor(level: DurableLevel) {
    this.#level = level;
    // Writes of a crashed run may have landed in another order than their numbers were given: leave a gap.
    this.#sequence = sequenceIn(level.get(keyOf('sequence')) ?? '0') + 0x10000n;
  }

  get failed(): boolean {
    return this.#level.failed;
  }

  /** Takes writes again after one that failed; nothing may be using it meanwhile. @throws Error it can't be opened */
  reopen(): Promise<void> {
    return this.#level.reopen();
  }

  bucket(name: string): BucketRecord | undefined {
    return this.#get(keyOf('bucket', name));
  }

  async buckets(): Promise<{ name: string; record: BucketRecord }[]> {
    const found: { name: string; record: BucketRecord }[] = [];
    for await (const [name, record] of this.#scan<BucketRecord>(keyOf('bucket', '')))
      found.push({ name, record });
    return found;
  }

  putBucket(name: string, record: BucketRecord): Promise<void> {
    return this.#write([{ key: keyOf('bucket', name), value: JSON.stringify(record) }]);
  }

  removeBucket(name: string): Promise<void> {
    return this.#write([{ key: keyOf('bucket', name) }]);
  }

  /** Synchronous, so that the entry and a hold on its files are taken in one step. */
  object(bucket: string, key: string): ObjectRecord | undefined {
    return this.#get(keyOf('object', bucket, key));
  }

  /** A number above all given before, also by earlier runs; to be stored with the write that it marks. */
  nextSequencer(): string {
    this.#sequence += 1n;
    return this.#sequence.toString(16).padStart(16, '0').toUpperCase();
  }

  /** Writes an object's entry, or removes it, with whatever must become true in the same instant. */
  commitObject(
    bucket: string,
    key: string,
    record: ObjectRecord | undefined,
    also: {
      readonly finishedUpload?: string;
      readonly event?: { readonly id: string; readonly body: string };
    } = {},
  ): Promise<void> {
    const id = keyOf('object', bucket, key);
    const operations: Write[] = [
      record ? { key: id, value: JSON.stringify(record) } : { key: id },
      { key: keyOf('sequence'), value: this.#sequence.toString(16) },
    ];
    if (also.finishedUpload !== undefined) {
      operations.push({ key: keyOf('upload', bucket, also.finishedUpload) });
    }
    if (also.event) operations.push({ key: keyOf('event', also.event.id), value: also.event.body });
    return this.#write(operations);
  }

  /** Objects of a bucket in S3's order, from the first key at or behind `from`; `seek` jumps on. */
  async *objects(
    bucket: string,
    prefix: string,
    from: Buffer,
  ): AsyncGenerator<{ key: string; record: ObjectRecord }, void, Buffer | undefined> {
    const base = keyOf('object', bucket, '');
    const low = keyOf('object', bucket, prefix);
    const start = Buffer.concat([base, from]);
    const entries = this.#level.entries({
      gte: Buffer.compare(start, low) > 0 ? start : low,
      lt: after(low),
    });
    try {
      let jump: Buffer | undefined;
      for (;;) {
        const { done, value } = await (jump ? entries.next(Buffer.concat([base, jump])) : entries.next());
        if (done) return;
        const [id, text] = value;
        jump = yield { key: id.subarray(base.length).toString(), record: parse<ObjectRecord>(id, text) };
      }
    } finally {
      await entries.return();
    }
  }

  upload(bucket: string, id: string): UploadRecord | undefined {
    return this.#get(keyOf('upload', bucket, id));
  }

  putUpload(bucket: string, id: string, record: UploadRecord): Promise<void> {
    return this.#write([{ key: keyOf('upload', bucket, id), value: JSON.stringify(record) }]);
  }

  async uploads(bucket: string): Promise<{ id: string; record: UploadRecord }[]> {
    const found: { id: string; record: UploadRecord }[] = [];
    for await (const [id, record] of this.#scan<UploadRecord>(keyOf('upload', bucket, '')))
      found.push({ id, record });
    return found;
  }

  part(bucket: string, upload: string, number: number): PartRecord | undefined {
    return this.#get(keyOf('part', bucket, upload, partKey(number)));
  }

  putPart(bucket: string, upload: string, record: PartRecord): Promise<void> {
    const key = keyOf('part', bucket, upload, partKey(record.number));
    return this.#write([{ key, value: JSON.stringify(record) }]);
  }

  async parts(bucket: string, upload: string): Promise<PartRecord[]> {
    const found: PartRecord[] = [];
    for await (const [, record] of this.#scan<PartRecord>(keyOf('part', bucket, upload, '')))
      found.push(record);
    return found;
  }

  /** Forgets an upload (unless it is gone already) and its parts. */
  async removeUpload(bucket: string, id: string): Promise<void> {
    const parts = await this.parts(bucket, id);
    await this.#write([
      { key: keyOf('upload', bucket, id) },
      ...parts.map(({ number }) => ({
        key: keyOf('part', bucket, id, partKey(number)),
      })),
    ]);
  }

  /** Events not yet acknowledged, oldest first. */
  async events(limit: number): Promise<{ id: string; body: string }[]> {
    const base = keyOf('event', '');
    const found: { id: string; body: string }[] = [];
    for await (const [key, body] of this.#level.entries({ gte: base, lt: after(base), limit })) {
      found.push({ id: key.subarray(base.length).toString(), body });
    }
    return found;
  }

  removeEvent(id: string): Promise<void> {
    return this.#write([{ key: keyOf('event', id) }]);
  }

  /** Every blob that an object or a part names, by id, with whose it is; forgets parts whose upload ended in a crash. */
  async usedBlobs(): Promise<Map<string, { readonly size: number; readonly of: string }>> {
    const used = new Map<string, { readonly size: number; readonly of: string }>();
    for await (const [key, record] of this.#scan<ObjectRecord>(keyOf('object', ''))) {
      for (const { id, size } of record.blobs) used.set(id, { size, of: key.replace('\0', '/') });
    }
    for await (const [key, record] of this.#scan<PartRecord>(keyOf('part', ''))) {
      const [bucket = '', upload = ''] = key.split('\0');
      if (this.upload(bucket, upload))
        used.set(record.blob.id, { size: record.blob.size, of: `an upload to ${bucket}` });
      else await this.removeUpload(bucket, upload);
    }
    return used;
  }

  /** Every body that an object or a part names. */
  async *blobs(): AsyncGenerator<BlobRef> {
    for await (const [, { blobs }] of this.#scan<ObjectRecord>(keyOf('object', ''))) yield* blobs;
    for await (const [, { blob }] of this.#scan<PartRecord>(keyOf('part', ''))) yield blob;
  }

  /**
   * Gives bodies of a data folder of format 1 their checksums. May be cut off and begun again. Returns how many objects and parts
   * got some.
   * @param sumsOf undefined where a body can't be read: it stays as it is
   */
  async addSums(sumsOf: (blob: BlobRef) => Promise<string | undefined>): Promise<number> {
    const summed = async (blob: BlobRef): Promise<BlobRef> => {
      const sums = blob.sums ?? (await sumsOf(blob));
      return sums === undefined ? blob : { ...blob, sums };
    };
    let count = 0;
    for (const table of ['object', 'part'] as const) {
      const base = keyOf(table, '');
      for await (const [key, text] of this.#level.entries({ gte: base, lt: after(base) })) {
        const record = parse<{ readonly blobs?: readonly BlobRef[]; readonly blob?: BlobRef }>(key, text);
        const { blobs, blob } = record;
        const next = {
          ...record,
          ...(blobs && { blobs: await inTurn(blobs, summed) }),
          ...(blob && { blob: await summed(blob) }),
        };
        const value = JSON.stringify(next);
        if (value === text) continue;
        await this.#write([{ key, value }]);
        count += 1;
      }
    }
    return count;
  }

  #get<T>(key: Buffer): T | undefined {
    const value = this.#level.get(key);
    return value === undefined ? undefined : parse<T>(key, value);
  }

  async *#scan<T>(base: Buffer): AsyncGenerator<[string, T]> {
    for await (const [key, value] of this.#level.entries({ gte: base, lt: after(base) })) {
      yield [key.subarray(base.length).toString(), parse<T>(key, value)];
    }
  }

  #write(operations: readonly Write[]): Promise<void> {
    return this.#level.write(operations);
  }
}

/** @throws StorageFault a value of a folder whose values have no checksums yet */
function parse<T>(key: Buffer, text: string): T {
  try {
    return JSON.parse(text) as T;
  } catch (error) {
    throw StorageFault.damaged(`the entry ${JSON.stringify(key.toString().replaceAll('\0', '/'))}`, error);
  }
}

/** @throws StorageFault */
function sequenceIn(text: string): bigint {
  try {
    return BigInt(`0x${text}`);
  } catch (error) {
    throw StorageFault.damaged('the entry "sequence"', error);
  }
}

/** One at a time: an object may have thousands of parts. */
async function inTurn<T>(all: readonly T[], work: (each: T) => Promise<T>): Promise<T[]> {
  const done: T[] = [];
  for (const each of all) done.push(await work(each));
  return done;
}

const partKey = (number: number) => String(number).padStart(5, '0');
