// The scan for several queries at once: two rows and four queries at a time, so that each load serves several products.

import { ahead, touch } from './ahead';
import { Rows } from './block';
import { sums } from './lanes';

/**
 * Scans rows [start, end), both multiples of 4, for several queries in one pass. `count` is a multiple of 4; each four
 * of the `queries` lie interleaved, eight int16 of each in turn; `units` and `floors` have one f32 a query. Query q's
 * pairs go to `out + q * room`, their number to `counts[q]`. All planes are read of each row: some of the queries want them of many, and
 * what is read serves all.
 */
export function scanMany(
  rows: Rows, start: u32, end: u32,
  queries: usize, count: u32, units: usize, floors: usize,
  out: usize, room: usize, counts: usize,
): void {
  for (let q: u32 = 0; q < count; q++) store<u32>(counts + (q << 2), 0);
  const bytes0 = rows.bytes0;
  const bytes1 = rows.bytes1;
  const bytes2 = rows.bytes2;
  const all = bytes0 + bytes1 + bytes2;
  for (let r = start; r < end; r += 2) {
    const row0 = rows.plane0 + <usize>r * bytes0;
    const row1 = rows.plane1 + <usize>r * bytes1;
    const row2 = rows.plane2 + <usize>r * bytes2;
    touch(row0 + ahead, bytes0 << 1);
    touch(row1 + ahead, bytes1 << 1);
    touch(row2 + ahead, bytes2 << 1);
    let query = queries;
    for (let q: u32 = 0; q < count; q += 4, query += all << 3) {
      let a0 = i32x4.splat(0);
      let a1 = i32x4.splat(0);
      let b0 = i32x4.splat(0);
      let b1 = i32x4.splat(0);
      let c0 = i32x4.splat(0);
      let c1 = i32x4.splat(0);
      let d0 = i32x4.splat(0);
      let d1 = i32x4.splat(0);
      let p = query;
      let x = row0;
      let bytes = bytes0;
      for (let plane = 0; ; ) {
        let y = x + bytes;
        // One step a turn: with two, the optimiser mixes them and the sums spill out of the registers.
        for (const last = y; x < last; x += 8, y += 8, p += 64) {
          const rx = v128.load_ext<i8>(x);
          const ry = v128.load_ext<i8>(y);
          let v = v128.load(p);
          a0 = i32x4.add(a0, i32x4.dot_i16x8_s(rx, v));
          a1 = i32x4.add(a1, i32x4.dot_i16x8_s(ry, v));
          v = v128.load(p, 16);
          b0 = i32x4.add(b0, i32x4.dot_i16x8_s(rx, v));
          b1 = i32x4.add(b1, i32x4.dot_i16x8_s(ry, v));
          v = v128.load(p, 32);
          c0 = i32x4.add(c0, i32x4.dot_i16x8_s(rx, v));
          c1 = i32x4.add(c1, i32x4.dot_i16x8_s(ry, v));
          v = v128.load(p, 48);
          d0 = i32x4.add(d0, i32x4.dot_i16x8_s(rx, v));
          d1 = i32x4.add(d1, i32x4.dot_i16x8_s(ry, v));
        }
        plane += 1;
        if (plane == 3) break;
        x = plane == 1 ? row1 : row2;
        bytes = plane == 1 ? bytes1 : bytes2;
        if (bytes == 0) break;
      }
      const figures = <usize>q << 2;
      const unit = v128.load(units + figures);
      const floor = v128.load(floors + figures);
      const at = <usize>r << 2;
      const scales = rows.scales + at;
      const errors = rows.errors + at;
      const e0 = f32x4.mul(f32x4.mul(f32x4.convert_i32x4_s(sums(a0, b0, c0, d0)), v128.load_splat<f32>(scales)), unit);
      const e1 = f32x4.mul(f32x4.mul(f32x4.convert_i32x4_s(sums(a1, b1, c1, d1)), v128.load_splat<f32>(scales, 4)), unit);
      const bits0 = i32x4.bitmask(f32x4.ge(f32x4.add(e0, v128.load_splat<f32>(errors)), floor));
      const bits1 = i32x4.bitmask(f32x4.ge(f32x4.add(e1, v128.load_splat<f32>(errors, 4)), floor));
      const to = out + <usize>q * room;
      if (bits0) emitMany(to, room, counts + figures, bits0, e0, r);
      if (bits1) emitMany(to, room, counts + figures, bits1, e1, r + 1);
    }
  }
}

/** Appends (row, estimate) to the output of each of four queries whose bit is set. */
function emitMany(out: usize, room: usize, counts: usize, bits: i32, estimates: v128, row: u32): void {
  if (bits & 1) append(out, counts, row, f32x4.extract_lane(estimates, 0));
  if (bits & 2) append(out + room, counts + 4, row, f32x4.extract_lane(estimates, 1));
  if (bits & 4) append(out + 2 * room, counts + 8, row, f32x4.extract_lane(estimates, 2));
  if (bits & 8) append(out + 3 * room, counts + 12, row, f32x4.extract_lane(estimates, 3));
}

// @ts-ignore: decorator
@inline
function append(out: usize, counter: usize, row: u32, estimate: f32): void {
  const number = load<u32>(counter);
  const at = out + (<usize>number << 3);
  store<u32>(at, row);
  store<f32>(at, estimate, 4);
  store<u32>(counter, number + 1);
}
