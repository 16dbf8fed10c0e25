/** Rows as bits: row r is bit `r & 31` of word `r >> 5`. */
export type Bitmap = Uint32Array;

export function bitmapOf(rows: number): Bitmap {
  return new Uint32Array(Math.ceil(rows / 32));
}

export function hasRow(bitmap: Bitmap, row: number): boolean {
  return ((bitmap[row >> 5]! >>> (row & 31)) & 1) === 1;
}

export function countRows(bitmap: Bitmap): number {
  let count = 0;
  for (const word of bitmap) {
    // Counting in parallel: pairs, nibbles, bytes (Hacker's Delight, figure 5-2).
    let bits = word - ((word >>> 1) & 0x5555_5555);
    bits = (bits & 0x3333_3333) + ((bits >>> 2) & 0x3333_3333);
    count += Math.imul((bits + (bits >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
  }
  return count;
}

/** The rows that are set, ascending. */
export function rowsOf(bitmap: Bitmap): Int32Array {
  const rows = new Int32Array(countRows(bitmap));
  let next = 0;
  for (let word = 0; word < bitmap.length; word += 1) {
    let bits = bitmap[word]!;
    while (bits !== 0) {
      rows[next] = word * 32 + 31 - Math.clz32(bits & -bits);
      next += 1;
      bits &= bits - 1;
    }
  }
  return rows;
}
