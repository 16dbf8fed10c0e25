/** A Huffman table as its decoder wants it (ITU-T T.81, F.2.2.3), by the length of a code, 1 to 16. */
export interface HuffmanTable {
  /** The largest code of the length; −1 where there is none. */
  readonly largest: Int32Array;
  /** What is added to a code for its place among the symbols. */
  readonly offset: Int32Array;
  readonly symbols: Uint8Array;
}

/** @param counts how many codes there are of each length from 1 to 16 */
export function huffmanTable(counts: Uint8Array, symbols: Uint8Array): HuffmanTable {
  const largest = new Int32Array(17).fill(-1);
  const offset = new Int32Array(17);
  let code = 0;
  let place = 0;
  for (let length = 1; length <= 16; length += 1) {
    const count = counts[length - 1] as number;
    offset[length] = place - code;
    if (count > 0) largest[length] = code + count - 1;
    code = (code + count) << 1;
    place += count;
  }
  return { largest, offset, symbols };
}

/** Reads entropy-coded data bit by bit, so that where it stands is always the end of what was needed. */
export interface EntropyReader {
  /** Offset behind the last byte of which a bit was read. */
  readonly at: number;
  /** @throws Error at a marker or the file's end: data is missing */
  bits(count: number): number;
  /** @throws Error also where no such code is in the table */
  symbol(table: HuffmanTable | undefined): number;
  /** Leaves the rest of the byte, skips to the next restart marker and stands behind it. @throws Error another marker is first, or none */
  toRestart(): void;
}

export function createEntropyReader(file: Uint8Array, from: number): EntropyReader {
  let at = from;
  let byte = 0;
  let left = 0;

  function next(): void {
    if (at >= file.length) throw new Error('The scan has no end.');
    byte = file[at++] as number;
    left = 8;
    if (byte !== 0xff) return;
    // Any number of fill bytes may stand before the byte that tells data (0) from a marker.
    let behind = at;
    while (file[behind] === 0xff) behind += 1;
    if (file[behind] !== 0) throw new Error('The scan ends before its picture.');
    at = behind + 1;
  }

  return {
    get at() {
      return at;
    },
    bits(count) {
      let value = 0;
      for (let n = 0; n < count; n += 1) {
        if (left === 0) next();
        left -= 1;
        value = (value << 1) | ((byte >> left) & 1);
      }
      return value;
    },
    symbol(table) {
      if (table === undefined) throw new Error('The scan names a table that is not there.');
      let code = 0;
      for (let length = 1; length <= 16; length += 1) {
        if (left === 0) next();
        left -= 1;
        code = (code << 1) | ((byte >> left) & 1);
        if (code <= (table.largest[length] as number)) {
          const symbol = table.symbols[code + (table.offset[length] as number)];
          if (symbol === undefined) break;
          return symbol;
        }
      }
      throw new Error('The scan has a code of no symbol.');
    },
    toRestart() {
      left = 0;
      for (; at + 1 < file.length; at += 1) {
        const marker = file[at + 1] as number;
        if (file[at] !== 0xff || marker === 0 || marker === 0xff) continue;
        if (marker < 0xd0 || marker > 0xd7) break;
        at += 2;
        return;
      }
      throw new Error('A restart marker is missing.');
    },
  };
}
