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

/** The kernel that small regions' rows are copied to; `visitBytes` from `workBytes` on are theirs. */
export function visitingKernel(): { kernel: Kernel; base: number; bytes: number } {
  visited ??= new Kernel(visitBytes);
  return { kernel: visited, base: workBytes, bytes: visitBytes };
}

/** XXH64 of a part of a region, as 16 hex digits. */
export function hashRegion(region: Region, offset: number, length: number): string {
  let { kernel } = region;
  let at = region.base + offset;
  if (!kernel) {
    const visiting = visitingKernel();
    new Uint8Array(visiting.kernel.buffer).set(new Uint8Array(region.buffer, at, length), visiting.base);
    kernel = visiting.kernel;
    at = visiting.base;
  }
  return kernel.hash(at, length).toString(16).padStart(16, '0');
}
