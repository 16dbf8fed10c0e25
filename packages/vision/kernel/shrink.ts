// A picture at a smaller size, each pixel a weighted mean of those about it: first along the columns, then along the rows.

/** Weights are numbers of 16 bits, two of them for two neighbours; together they are 2 ^ 12. */
const shift = 12;
const half = 1 << 11;

/** Adds the products of four bytes each of two rows with the rows' weights. */
// @ts-ignore: decorator
@inline
function added(sum: v128, both: v128, weights: v128): v128 {
  return i32x4.add(sum, i32x4.dot_i16x8_s(both, weights));
}

/** 16 bytes from the sums of their products. */
// @ts-ignore: decorator
@inline
function bytes(a: v128, b: v128, c: v128, d: v128): v128 {
  return i8x16.narrow_i16x8_u(
    i16x8.narrow_i32x4_s(i32x4.shr_s(a, shift), i32x4.shr_s(b, shift)),
    i16x8.narrow_i32x4_s(i32x4.shr_s(c, shift), i32x4.shr_s(d, shift)),
  );
}

/**
 * Shrinks an RGB picture. `across` and `down` say for each column and each row of the result, in 32 bits each: the first pixel or row, then
 * `pairs` times the weights of two neighbours. `row` is room for a row of the source; 16 bytes behind it and behind both pictures may be
 * read, or written over.
 */
export function shrink(
  source: usize, width: i32, out: usize, columns: i32, rows: i32,
  across: usize, acrossPairs: i32, down: usize, downPairs: i32, row: usize,
): void {
  const step = <usize>(width * 3);
  const start = i32x4.splat(half);
  for (let y = 0; y < rows; y++) {
    const first = source + <usize>load<i32>(down) * step;
    down += 4;
    for (let at: usize = 0; at < step; at += 16) {
      let a = start;
      let b = start;
      let c = start;
      let d = start;
      let upper = first + at;
      for (let pair = 0; pair < downPairs; pair++, upper += step << 1) {
        const weights = v128.load32_splat(down + <usize>(pair << 2));
        const above = v128.load(upper);
        const below = v128.load(upper + step);
        const low = i8x16.shuffle(above, below, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
        const high = i8x16.shuffle(above, below, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
        a = added(a, i16x8.extend_low_i8x16_u(low), weights);
        b = added(b, i16x8.extend_high_i8x16_u(low), weights);
        c = added(c, i16x8.extend_low_i8x16_u(high), weights);
        d = added(d, i16x8.extend_high_i8x16_u(high), weights);
      }
      v128.store(row + at, bytes(a, b, c, d));
    }
    down += <usize>(downPairs << 2);
    let table = across;
    const neighbours = v128(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1);
    for (let x = 0; x < columns; x++, out += 3) {
      let from = row + <usize>(load<i32>(table) * 3);
      table += 4;
      let sum = start;
      for (let pair = 0; pair < acrossPairs; pair++, table += 4, from += 6)
        sum = added(sum, i8x16.swizzle(v128.load64_zero(from), neighbours), v128.load32_splat(table));
      const pixel = bytes(sum, sum, sum, sum);
      v128.store32_lane(out, pixel, 0);
    }
  }
}
