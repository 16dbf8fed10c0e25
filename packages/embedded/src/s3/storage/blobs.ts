import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { copyFile, type FileHandle, link, open, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { makeFolder, syncFolder } from '../../disk/files.ts';
import { tell } from '../../log.ts';
import { fileError } from '../../startup-error.ts';
import { isIntact, PieceSums, pieceBytes } from './blob-sums.ts';
import type { BlobRef } from './records.ts';

/** Bytes of a stored object are not those that were written. */
export class DamagedBlob extends Error {
  override readonly name = 'DamagedBlob';
}

/** A part of a file that is read. */
interface Span {
  readonly blob: BlobRef;
  /** From 0. */
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/**
 * Object bodies as files with random names: a key never becomes a path, so no key can escape. A file is written once, brought to
 * the disk, and never changed; the catalog's entry, with its checksums, makes it visible. What no entry names is swept at start.
 */
export class Blobs {
  readonly #dir: string;
  /** Readers by blob; a blob that is removed while it is read goes when its last reader leaves. */
  readonly #readers = new Map<string, number>();
  readonly #doomed = new Set<string>();
  /** Those that were found damaged, with what is wrong. */
  readonly #damaged = new Map<string, string>();
  /** Folders of this run, by name; there once resolved. */
  readonly #shards = new Map<string, Promise<void>>();
  readonly #flush: boolean;

  /** @param flush false: a body is acknowledged before it is on the disk, and a power cut may lose it */
  constructor(dir: string, flush: boolean) {
    this.#dir = dir;
    this.#flush = flush;
  }

  /** @param held there are blobs, so that their folder must be there. @throws StartupError it isn't */
  async open(held: boolean): Promise<void> {
    if (held && (await stat(this.#dir).catch(() => undefined)) === undefined) {
      throw fileError(dirname(dirname(this.#dir)), { file: this.#dir, problem: 'is missing' });
    }
    await makeFolder(this.#dir);
    // Folders in it may be from a run that ended before it had brought them to the disk.
    if (this.#flush) await syncFolder(this.#dir);
  }

  /** Streams into a new file, and to the disk; nothing is left of it when the source fails. */
  async write(source: AsyncIterable<Uint8Array>): Promise<BlobRef> {
    const id = randomUUID();
    const path = await this.#place(id);
    const sums = new PieceSums();
    async function* summed() {
      for await (const chunk of source) {
        sums.update(chunk);
        yield chunk;
      }
    }
    const file = createWriteStream(path, {
      flags: 'wx',
      mode: 0o600,
      highWaterMark: pieceBytes,
      flush: this.#flush,
    });
    try {
      await pipeline(summed(), file);
      if (this.#flush) await syncFolder(dirname(path));
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
    return { id, size: file.bytesWritten, sums: sums.finish() };
  }

  /** Another name for the same bytes: nothing is copied where the file system has hard links. */
  async clone(blob: BlobRef): Promise<BlobRef> {
    const id = randomUUID();
    const [from, to] = [this.#path(blob.id), await this.#place(id)];
    await link(from, to).catch(() => this.#copy(from, to));
    if (this.#flush) await syncFolder(dirname(to));
    return { ...blob, id };
  }

  async #copy(from: string, to: string): Promise<void> {
    await copyFile(from, to);
    if (!this.#flush) return;
    const copy = await open(to, 'r+');
    try {
      await copy.sync();
    } finally {
      await copy.close();
    }
  }

  /**
   * The bytes `[start, start + length)` of the blobs one after another, none before its checksum was compared: the stream fails
   * with DamagedBlob in its place. The files stay until it is closed, so a reader keeps its object when that is overwritten or
   * deleted meanwhile.
   */
  read(blobs: readonly BlobRef[], start: number, length: number): Readable {
    const spans = this.#spans(blobs, start, length);
    for (const { id } of blobs) this.#readers.set(id, (this.#readers.get(id) ?? 0) + 1);
    const bytesOf = (span: Span) => this.#bytes(span);
    async function* bytes(): AsyncGenerator<Uint8Array> {
      for (const span of spans) yield* bytesOf(span);
    }
    const stream = Readable.from(bytes(), { objectMode: false, highWaterMark: pieceBytes });
    stream.once('close', () => this.#release(blobs));
    return stream;
  }

  /** Reads a file that has no checksums yet, and makes them. @throws Error it can't be read */
  async sumsOf(blob: BlobRef): Promise<string> {
    const sums = new PieceSums();
    for await (const bytes of this.#bytes({ blob, start: 0, end: blob.size })) sums.update(bytes);
    return sums.finish();
  }

  async *#bytes({ blob, start, end }: Span): AsyncGenerator<Uint8Array> {
    const path = this.#path(blob.id);
    const file = await open(path);
    try {
      for (let piece = Math.floor(start / pieceBytes); piece * pieceBytes < end; piece++) {
        const at = piece * pieceBytes;
        const bytes = await readFully(file, at, Math.min(pieceBytes, blob.size - at));
        if (bytes === undefined) throw this.#damage(blob, `${path} ends too early`);
        if (blob.sums !== undefined && !isIntact(blob.sums, piece, bytes)) {
          throw this.#damage(blob, `the checksum of ${path} is wrong, at ${at}`);
        }
        yield bytes.subarray(Math.max(0, start - at), end - at);
      }
    } finally {
      await file.close();
    }
  }

  /** From here on it counts as lost. */
  #damage({ id }: BlobRef, problem: string): DamagedBlob {
    if (!this.#damaged.has(id)) tell('error', `A stored object is damaged: ${problem}.`);
    this.#damaged.set(id, problem);
    return new DamagedBlob(problem);
  }

  /** What is wrong with a blob's file; `undefined` where it is there with all its bytes. */
  async problemOf({ id, size }: BlobRef): Promise<string | undefined> {
    const path = this.#path(id);
    const damage = this.#damaged.get(id);
    if (damage !== undefined) return damage;
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

  /** The parts of files that hold the range. */
  #spans(blobs: readonly BlobRef[], start: number, length: number): Span[] {
    const spans: Span[] = [];
    let offset = 0;
    for (const blob of blobs) {
      const from = Math.max(start, offset);
      const to = Math.min(start + length, offset + blob.size);
      if (to > from) spans.push({ blob, start: from - offset, end: to - offset });
      offset += blob.size;
    }
    return spans;
  }

  #path(id: string): string {
    return join(this.#dir, id.slice(0, 2), id);
  }

  async #place(id: string): Promise<string> {
    const shard = id.slice(0, 2);
    const made = this.#shards.get(shard) ?? makeFolder(join(this.#dir, shard));
    this.#shards.set(shard, made);
    await made.catch((error) => {
      this.#shards.delete(shard);
      throw error;
    });
    return this.#path(id);
  }
}

/** Undefined where the file ends before. */
async function readFully(file: FileHandle, at: number, length: number): Promise<Buffer | undefined> {
  const bytes = Buffer.allocUnsafe(length);
  for (let filled = 0; filled < length; ) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, at + filled);
    if (bytesRead === 0) return undefined;
    filled += bytesRead;
  }
  return bytes;
}
