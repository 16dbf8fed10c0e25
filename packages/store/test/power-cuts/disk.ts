import { dirname } from 'node:path';
import type { Syscall } from './syscalls.ts';

/** What a folder holds after a power cut: paths with their bytes, or null for a folder. */
export type Remains = ReadonlyMap<string, Buffer | null>;

interface File {
  chunks: Buffer[];
  size: number;
  /** So much of it was brought to the disk. */
  durable: number;
}

function contentOf(file: File): Buffer {
  if (file.chunks.length !== 1) file.chunks = [Buffer.concat(file.chunks)];
  return file.chunks[0] as Buffer;
}

/** A change of names, as a journal keeps it. */
interface Change {
  readonly folders: readonly string[];
  readonly apply: (names: Map<string, File | null>) => void;
}

const sectorBytes = 512;

/**
 * A disk as POSIX promises it and no better: bytes are safe once their file was synced, names once their folder was. What wasn't may
 * be there, torn at any byte, with sectors lost, or not at all. Of names one thing more is taken for granted, as every journaling
 * file system (ext4, XFS, APFS, NTFS) does it: changes of names reach the disk in their order.
 */
export class Disk {
  readonly #now = new Map<string, File | null>();
  readonly #durable = new Map<string, File | null>();
  readonly #journal: Change[] = [];
  readonly #syncs = new Map<string, () => void>();

  /** @param remains of an earlier run: all of it is on the disk */
  constructor(remains: Remains) {
    for (const [path, content] of remains) {
      const file = content && { chunks: [content], size: content.length, durable: content.length };
      this.#now.set(path, file);
      this.#durable.set(path, file);
    }
  }

  apply(call: Syscall): void {
    switch (call.kind) {
      case 'created': {
        const { path, truncated } = call;
        const found = this.#now.get(path);
        if (found && !truncated) return;
        const file: File = { chunks: [], size: 0, durable: 0 };
        this.#change([path], (names) => names.set(path, file));
        return;
      }
      case 'written':
        this.#write(this.#file(call.path), call.bytes, call.offset);
        return;
      case 'cut': {
        const file = this.#file(call.path);
        file.chunks = [contentOf(file).subarray(0, call.size)];
        file.size = Math.min(file.size, call.size);
        file.durable = Math.min(file.durable, call.size);
        return;
      }
      case 'folder-made':
        this.#change([call.path], (names) => names.set(call.path, null));
        return;
      case 'removed':
        this.#change([call.path], (names) => names.delete(call.path));
        return;
      case 'renamed':
      case 'linked': {
        const { path, to, kind } = call;
        const file = this.#now.get(path) ?? null;
        this.#change([path, to], (names) => {
          if (kind === 'renamed') names.delete(path);
          names.set(to, file);
        });
        return;
      }
      case 'sync-begun':
        this.#syncs.set(call.id, this.#syncOf(call.path));
        return;
      case 'synced':
        this.#syncs.get(call.id)?.();
        this.#syncs.delete(call.id);
    }
  }

  /** What is left when the power goes now. */
  powerCut(random: () => number): Remains {
    const names = new Map(this.#durable);
    const kept = Math.floor(random() * (this.#journal.length + 1));
    for (const { apply } of this.#journal.slice(0, kept)) apply(names);
    const left = new Map<File, Buffer>();
    const remains = new Map<string, Buffer | null>();
    for (const [path, file] of names) {
      if (file && !left.has(file)) left.set(file, whatIsLeft(file, random));
      remains.set(path, file && (left.get(file) ?? null));
    }
    return remains;
  }

  #change(paths: readonly string[], apply: Change['apply']): void {
    apply(this.#now);
    this.#journal.push({ folders: paths.map((path) => dirname(path)), apply });
  }

  #write(file: File, bytes: Buffer, offset = file.size): void {
    if (offset !== file.size) throw new Error('a write in the middle of a file is not simulated');
    file.chunks.push(bytes);
    file.size += bytes.length;
  }

  #file(path: string): File {
    const found = this.#now.get(path);
    if (!found) throw new Error(`${path} is used and was not made`);
    return found;
  }

  /** What a sync that begins now makes safe when it ends. */
  #syncOf(path: string): () => void {
    const file = this.#now.get(path);
    if (file) {
      const { size } = file;
      return () => {
        file.durable = Math.max(file.durable, size);
      };
    }
    const last = this.#journal.findLast(({ folders }) => folders.includes(path));
    return () => {
      const upTo = last === undefined ? -1 : this.#journal.indexOf(last);
      for (const { apply } of this.#journal.splice(0, upTo + 1)) apply(this.#durable);
    };
  }
}

/** Nothing of what wasn't synced, a part of it, all of it, or its length with sectors that are zeros or what lay there before. */
function whatIsLeft(file: File, random: () => number): Buffer {
  const content = contentOf(file);
  const { durable } = file;
  const choice = random();
  if (content.length === durable || choice < 0.15) return content;
  if (choice < 0.35) return content.subarray(0, durable);
  if (choice < 0.65) return content.subarray(0, durable + Math.floor(random() * (content.length - durable)));
  const torn = Buffer.from(content);
  const loss = choice < 0.75 ? 1 : random();
  const zeros = random() < 0.6;
  for (let at = durable; at < torn.length; ) {
    const end = Math.min(torn.length, at - (at % sectorBytes) + sectorBytes);
    if (random() < loss) {
      for (let byte = at; byte < end; byte++) torn[byte] = zeros ? 0 : Math.floor(random() * 256);
    }
    at = end;
  }
  return torn;
}
