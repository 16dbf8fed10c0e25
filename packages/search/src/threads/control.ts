/**
 * Words of the control block that a search and its scanning thread share; each scan has its own. The morsels of a scan are taken
 * from both ends: the searching thread takes the first that is left, the other one the last, so that each has consecutive rows.
 */
export const control = {
  /** The first morsel that is left in the upper 16 bits, the one behind the last in the lower. */
  left: 0,
  /** 1 once the other thread has sent all that it found, and is free for the next scan. */
  done: 1,
  /** The threshold, as a float: raised by the searching thread as it goes. */
  floor: 2,
  words: 4,
} as const;

/** Bytes of codes from which on a second thread is worth its messages: 250,000 faces of 192 dimensions, 5 ms. */
export const sharedFrom = 48 * 2 ** 20;

/** Morsels of a scan at most. */
export const maxMorsels = 2 ** 15 - 1;

/** All morsels are left. */
export const allLeft = (morsels: number): number => morsels;

/** Takes the first morsel that is left; undefined where there is none. */
export function takeFirst(words: Int32Array): number | undefined {
  for (;;) {
    const left = Atomics.load(words, control.left);
    const first = left >>> 16;
    if (first >= (left & 0xffff)) return undefined;
    if (Atomics.compareExchange(words, control.left, left, left + 0x1_0000) === left) return first;
  }
}
