// Exact inner products: float32 vectors, summed in double precision in the order of `dot` in src/cosine.ts, to the bit.

import { touch } from './ahead';

/**
 * Rows whose memory is asked for at once before their products are summed: they lie anywhere, and a sum that waits for its row
 * doesn't begin with the next one. Measured best of 1, 2, 4 and 8.
 */
const group: u32 = 4;

/**
 * For each of the `count` rows listed at `rows`: its inner product with the query and with itself, two f64 at `out`.
 * `query` are `dimension` f64; a row is `dimension` f32.
 */
export function rescore(
  vectors: usize, dimension: u32, rows: usize, count: u32, query: usize, out: usize,
): void {
  const whole = dimension & ~3;
  for (let i: u32 = 0; i < count; i++, out += 16) {
    if (i % group == 0) touchRows(vectors, <usize>dimension << 2, rows + (<usize>i << 2), min(count - i, group));
    const row = vectors + (<usize>load<u32>(rows + (<usize>i << 2)) * dimension << 2);
    let s01 = f64x2.splat(0);
    let s23 = f64x2.splat(0);
    let t01 = f64x2.splat(0);
    let t23 = f64x2.splat(0);
    for (let d: u32 = 0; d < whole; d += 4) {
      const a = f64x2.promote_low_f32x4(v128.load64_zero(row + (<usize>d << 2)));
      const b = f64x2.promote_low_f32x4(v128.load64_zero(row + (<usize>d << 2), 8));
      s01 = f64x2.add(s01, f64x2.mul(v128.load(query + (<usize>d << 3)), a));
      s23 = f64x2.add(s23, f64x2.mul(v128.load(query + (<usize>d << 3), 16), b));
      t01 = f64x2.add(t01, f64x2.mul(a, a));
      t23 = f64x2.add(t23, f64x2.mul(b, b));
    }
    let s0 = f64x2.extract_lane(s01, 0);
    let t0 = f64x2.extract_lane(t01, 0);
    for (let d = whole; d < dimension; d++) {
      const value = <f64>load<f32>(row + (<usize>d << 2));
      s0 += load<f64>(query + (<usize>d << 3)) * value;
      t0 += value * value;
    }
    store<f64>(out, s0 + f64x2.extract_lane(s01, 1) + (f64x2.extract_lane(s23, 0) + f64x2.extract_lane(s23, 1)));
    store<f64>(out, t0 + f64x2.extract_lane(t01, 1) + (f64x2.extract_lane(t23, 0) + f64x2.extract_lane(t23, 1)), 8);
  }
}

function touchRows(vectors: usize, bytes: usize, rows: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i++) touch(vectors + <usize>load<u32>(rows + (<usize>i << 2)) * bytes, bytes);
}
