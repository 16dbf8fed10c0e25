import { runToEnd, type Steps } from '@openfrs/contract/steps';
import { Kernel, scratch, workBytes } from './kernel/kernel.ts';

/** Smaller regions live on the ordinary heap: a WebAssembly memory reserves address space, and small sets are many. */
const ownMemoryFrom = 256 * 1024;
const visitBytes = 512 * 1024;
/** Hashed between two pauses; a multiple of 32. */
const stretchBytes = 2 ** 20;

/** A piece of zeroed memory; with a kernel where it is large enough to be scanned in place. */
export interface Region {
  readonly buffer: ArrayBuffer;
  /** Where the region's bytes start in `buffer`; a multiple of 64. */
  readonly base: number;
  readonly kernel: Kernel | undefined;
}

/** @param isShared can other threads scan it, where it is large enough to be scanned in place? */
export function allocate(bytes: number, isShared = false): Region {
  if (bytes < ownMemoryFrom) return { buffer: new ArrayBuffer(bytes), base: 0, kernel: undefined };
  const kernel = new Kernel(bytes, isShared);
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
  return runToEnd(hashRegionSteps(region, offset, length));
}

/**
 * The same in steps; the bytes must stay as they are meanwhile.
 * @param length a multiple of 32, where `more` bytes follow the region's
 */
export function hashRegionSteps(
  region: Region,
  offset: number,
  length: number,
  more = new Uint8Array(0),
): Steps<string> {
  const { kernel, buffer, base } = region;
  const at = base + offset;
  const whole = length + more.length;
  if (kernel) return hexSteps(kernel, whole, stretchesOf(kernel, at, length, more));
  return hashCopiedSteps(whole, (from, to, target) => {
    const own = Math.max(0, Math.min(to, length) - from);
    target.set(new Uint8Array(buffer, at + Math.min(from, length), own));
    target.set(more.subarray(Math.max(0, from - length), Math.max(0, to - length)), own);
  });
}

function* stretchesOf(
  { buffer }: Kernel,
  at: number,
  length: number,
  more: Uint8Array,
): Generator<[at: number, length: number]> {
  for (let from = 0; from < length; from += stretchBytes) {
    yield [at + from, Math.min(stretchBytes, length - from)];
  }
  for (let from = 0; from < more.length; from += scratch.bytes) {
    const asked = more.subarray(from, from + scratch.bytes);
    new Uint8Array(buffer).set(asked, scratch.at);
    yield [scratch.at, asked.length];
  }
}

/**
 * XXH64 of bytes that lie anywhere, as 16 hex digits.
 * @param copy brings bytes [from, to) of them to the start of its target
 */
export function hashCopiedSteps(
  length: number,
  copy: (from: number, to: number, target: Uint8Array) => void,
): Steps<string> {
  const { kernel, base, bytes } = visitingKernel();
  const target = new Uint8Array(kernel.buffer, base, bytes);
  function* stretches(): Generator<[at: number, length: number]> {
    for (let from = 0; from < length; from += bytes) {
      const to = Math.min(length, from + bytes);
      copy(from, to, target);
      yield [base, to - from];
    }
  }
  return hexSteps(kernel, length, stretches());
}

function* hexSteps(
  kernel: Kernel,
  length: number,
  stretches: Iterable<readonly [at: number, length: number]>,
): Steps<string> {
  const hash = yield* kernel.hashSteps(length, stretches);
  return hash.toString(16).padStart(16, '0');
}
