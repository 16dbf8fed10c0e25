import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { copyFile, link, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileError } from '../../startup-error.ts';
import type { BlobRef } from './records.ts';

/** Reads of 256 KiB: large segments come at the disk's pace, not at the event loop's. */
const chunkBytes = 256 * 1024;

/**
 * Object bodies as files with random names: a key never becomes a path, so no key can escape. A file is
 * written once and never changed; the catalog's entry makes it visible. What no entry names is swept at start.
 */
export class Blobs {
  readonly #dir: string;
  /** Readers by blob; a blob that is removed while it is read goes when its last reader leaves. */
  readonly #readers = new Map<string, number>();
  readonly #doomed = new Set<string>();

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** @param held there are blobs, so that their folder must be there. @throws StartupError it isn't */
  async open(held: boolean): Promise<void> {
    if (held && (await stat(this.#dir).catch(() => undefined)) === undefined) {
      throw fileError(dirname(dirname(this.#dir)), { file: this.#dir, problem: 'is missing' });
    }
    await mkdir(this.#dir, { recursive: true, mode: 0o700 });
  }

  /** Streams into a new file; nothing is left of it when the source fails. */
  async write(source: AsyncIterable<Uint8Array>): Promise<BlobRef> {
    const id = randomUUID();
    const path = await this.#place(id);
    const file = createWriteStream(path, { flags: 'wx', mode: 0o600, highWaterMark: chunkBytes });
    try {
      await pipeline(source, file);
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
    return { id, size: file.bytesWritten };
  }

  /** Another name for the same bytes: nothing is copied where the file system has hard links. */
  async clone(blob: BlobRef): Promise<BlobRef> {
    const id = randomUUID();
    const [from, to] = [this.#path(blob.id), await this.#place(id)];
    await link(from, to).catch(() => copyFile(from, to));
    return { id, size: blob.size };
  }

  /**
   * The bytes `[start, start + length)` of the blobs one after another. The files stay until the stream is
   * closed, so a reader keeps its object when it is overwritten or deleted meanwhile.
   */
  read(blobs: readonly BlobRef[], start: number, length: number): Readable {
    const spans = this.#spans(blobs, start, length);
    for (const { id } of blobs) this.#readers.set(id, (this.#readers.get(id) ?? 0) + 1);
    async function* bytes(): AsyncGenerator<Uint8Array> {
      for (const span of spans) yield* createReadStream(span.path, { ...span, highWaterMark: chunkBytes });
    }
    const stream = Readable.from(bytes(), { objectMode: false, highWaterMark: chunkBytes });
    stream.once('close', () => this.#release(blobs));
    return stream;
  }

  /** What is wrong with a blob's file; `undefined` where it is there with all its bytes. */
  async problemOf({ id, size }: BlobRef): Promise<string | undefined> {
    const path = this.#path(id);
    try {
      const found = await stat(path);
      if (!found.isFile()) return `${path} is not a file`;
      return found.size === size ? undefined : `${path} has ${found.size} bytes of ${size}`;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      return `${path} is missing`;
    }
  }

  async remove(blobs: readonly BlobRef[]): Promise<void> {
    for (const { id } of blobs) {
      if (this.#readers.has(id)) this.#doomed.add(id);
      else await rm(this.#path(id), { force: true });
    }
  }

  /** Removes every file that `isUsed` doesn't know: what a crash left behind. */
  async sweep(isUsed: (id: string) => boolean): Promise<void> {
    for (const shard of await readdir(this.#dir)) {
      for (const id of await readdir(join(this.#dir, shard))) {
        if (!isUsed(id)) await rm(join(this.#dir, shard, id), { force: true });
      }
    }
  }

  #release(blobs: readonly BlobRef[]): void {
    for (const { id } of blobs) {
      const left = (this.#readers.get(id) ?? 1) - 1;
      if (left > 0) this.#readers.set(id, left);
      else {
        this.#readers.delete(id);
        // What can't be removed now is swept at the next start.
        if (this.#doomed.delete(id)) rm(this.#path(id), { force: true }).catch(() => {});
      }
    }
  }

  /** The parts of files that hold the range; `end` is inclusive, as `createReadStream` takes it. */
  #spans(blobs: readonly BlobRef[], start: number, length: number) {
    const spans: { path: string; start: number; end: number }[] = [];
    let offset = 0;
    for (const blob of blobs) {
      const from = Math.max(start, offset);
      const to = Math.min(start + length, offset + blob.size);
      if (to > from) spans.push({ path: this.#path(blob.id), start: from - offset, end: to - offset - 1 });
      offset += blob.size;
    }
    return spans;
  }

  #path(id: string): string {
    return join(this.#dir, id.slice(0, 2), id);
  }

  async #place(id: string): Promise<string> {
    await mkdir(join(this.#dir, id.slice(0, 2)), { recursive: true, mode: 0o700 });
    return this.#path(id);
  }
}
