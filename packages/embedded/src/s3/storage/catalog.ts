import { ClassicLevel } from 'classic-level';
import { reopenLevel } from '../../level/reopen.ts';
import { serialWritesOf } from '../../level/serial-writes.ts';
import type { BucketRecord, ObjectRecord, PartRecord, UploadRecord } from './records.ts';

type Level = ClassicLevel<Buffer, string>;
type Operation = { type: 'put'; key: Buffer; value: string } | { type: 'del'; key: Buffer };

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
  readonly #dir: string;
  #opened: Level | undefined;
  #sequence = 0n;

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** @throws with code LEVEL_LOCKED in the error's chain when another process has the folder open */
  async open(): Promise<void> {
    // Not before: a LevelDB opens its folder by itself as soon as it is made.
    this.#opened = new ClassicLevel<Buffer, string>(this.#dir, {
      keyEncoding: 'buffer',
      valueEncoding: 'utf8',
    });
    await this.#level.open();
    // Writes of a crashed run may have landed in another order than their numbers were given: leave a gap.
    this.#sequence = BigInt(`0x${(await this.#level.get(keyOf('sequence'))) ?? '0'}`) + 0x10000n;
  }

  async close(): Promise<void> {
    await this.#opened?.close();
  }

  get #level(): Level {
    if (!this.#opened) throw new Error('The catalog is not open');
    return this.#opened;
  }

  /** Told of the first write that failed; none is tried any more until `reopen`. */
  set onFailure(listener: (error: unknown) => void) {
    serialWritesOf(this.#level).onFailure = listener;
  }

  get failed(): boolean {
    return serialWritesOf(this.#level).failed;
  }

  /** Takes writes again after one that failed; nothing may be using it meanwhile. @throws Error it can't be opened */
  reopen(): Promise<void> {
    return reopenLevel(this.#level);
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
    return this.#write([{ type: 'put', key: keyOf('bucket', name), value: JSON.stringify(record) }]);
  }

  removeBucket(name: string): Promise<void> {
    return this.#write([{ type: 'del', key: keyOf('bucket', name) }]);
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
    const operations: Operation[] = [
      record ? { type: 'put', key: id, value: JSON.stringify(record) } : { type: 'del', key: id },
      { type: 'put', key: keyOf('sequence'), value: this.#sequence.toString(16) },
    ];
    if (also.finishedUpload !== undefined) {
      operations.push({ type: 'del', key: keyOf('upload', bucket, also.finishedUpload) });
    }
    if (also.event)
      operations.push({ type: 'put', key: keyOf('event', also.event.id), value: also.event.body });
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
    const iterator = this.#level.iterator({
      gte: Buffer.compare(start, low) > 0 ? start : low,
      lt: after(low),
      // Few entries ahead: lists with a delimiter jump often.
      highWaterMarkBytes: 64 * 1024,
    });
    try {
      for (let entry = await iterator.next(); entry; entry = await iterator.next()) {
        const key = entry[0].subarray(base.length).toString();
        const jump = yield { key, record: JSON.parse(entry[1]) as ObjectRecord };
        if (jump) iterator.seek(Buffer.concat([base, jump]));
      }
    } finally {
      await iterator.close();
    }
  }

  upload(bucket: string, id: string): UploadRecord | undefined {
    return this.#get(keyOf('upload', bucket, id));
  }

  putUpload(bucket: string, id: string, record: UploadRecord): Promise<void> {
    return this.#write([{ type: 'put', key: keyOf('upload', bucket, id), value: JSON.stringify(record) }]);
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
    return this.#write([{ type: 'put', key, value: JSON.stringify(record) }]);
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
      { type: 'del', key: keyOf('upload', bucket, id) },
      ...parts.map(({ number }) => ({
        type: 'del' as const,
        key: keyOf('part', bucket, id, partKey(number)),
      })),
    ]);
  }

  /** Events not yet acknowledged, oldest first. */
  async events(limit: number): Promise<{ id: string; body: string }[]> {
    const base = keyOf('event', '');
    const entries = await this.#level.iterator({ gte: base, lt: after(base), limit }).all();
    return entries.map(([key, body]) => ({ id: key.subarray(base.length).toString(), body }));
  }

  removeEvent(id: string): Promise<void> {
    return this.#write([{ type: 'del', key: keyOf('event', id) }]);
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

  #get<T>(key: Buffer): T | undefined {
    const value = this.#level.getSync(key);
    return value === undefined ? undefined : (JSON.parse(value) as T);
  }

  async *#scan<T>(base: Buffer): AsyncGenerator<[string, T]> {
    for await (const [key, value] of this.#level.iterator({ gte: base, lt: after(base) })) {
      yield [key.subarray(base.length).toString(), JSON.parse(value) as T];
    }
  }

  #write(operations: Operation[]): Promise<void> {
    return this.#level.batch(operations);
  }
}

const partKey = (number: number) => String(number).padStart(5, '0');
