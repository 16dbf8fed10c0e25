import { Kernel, workBytes } from './kernel/kernel.ts';

/** Smaller regions live on the ordinary heap: a WebAssembly memory reserves address space, and small sets are many. */
const ownMemoryFrom = 256 * 1024;
const visitBytes = 512 * 1024;

/** A piece of zeroed memory; with a kernel where it is large enough to be scanned in place. */
export interface Region {
  readonly buffer: ArrayBuffer;
  /** Where the region's bytes start in `buffer`; a multiple of 64. */
  readonly base: number;
  readonly kernel: Kernel | undefined;
}

export function allocate(bytes: number): Region {
  if (bytes < ownMemoryFrom) return { buffer: new ArrayBuffer(bytes), base: 0, kernel: undefined };
  const kernel = new Kernel(bytes);
  return { buffer: kernel.buffer, base: workBytes, kernel };
}

let visited: Kernel | undefined;

/** The kernel that rows are copied to which lie in no kernel's memory; `visitBytes` from `workBytes` on are theirs. */
export function visitingKernel(): { kernel: Kernel; base: number; bytes: number } {
  visited ??= new Kernel(visitBytes);
  return { kernel: visited, base: workBytes, bytes: visitBytes };
}

/** XXH64 of a part of a region, as 16 hex digits. */
export function hashRegion(region: Region, offset: number, length: number): string {
  const { kernel, buffer, base } = region;
  const at = base + offset;
  if (kernel) return hexOf(kernel.hash(length, [[at, length]]));
  return hashCopied(length, (from, to, target) => target.set(new Uint8Array(buffer, at + from, to - from)));
}

/** XXH64 of bytes that lie anywhere, as 16 hex digits. @param copy brings bytes [from, to) of them to the start of its target */
export function hashCopied(
  length: number,
  copy: (from: number, to: number, target: Uint8Array) => void,
): string {
  const { kernel, base, bytes } = visitingKernel();
  const target = new Uint8Array(kernel.buffer, base, bytes);
  function* stretches(): Generator<[at: number, length: number]> {
    for (let from = 0; from < length; from += bytes) {
      const to = Math.min(length, from + bytes);
      copy(from, to, target);
      yield [base, to - from];
    }
  }
  return hexOf(kernel.hash(length, stretches()));
}

const hexOf = (hash: bigint) => hash.toString(16).padStart(16, '0');
