// The scan: int8 rows times an int16 query, four rows at a time, and only the rows that can still win leave.
//
// A row is `stride` signed bytes (a multiple of 32). `scales[r]` turns its dot product with the query's integers into
// a cosine once multiplied by `unit`; `errors[r]` bounds how far that is from the truth (-Infinity: the row is dead).
// Four rows share each load of the query, and i32x4.dot_i16x8_s adds pairs, so eight dimensions cost three
// instructions a row: widen, dot, add.

import { ahead } from './ahead';
import { sums } from './lanes';

let sink: i32 = 0;

/** The four rows' dot products with the query. */
// @ts-ignore: decorator
@inline
function dots(r0: usize, r1: usize, r2: usize, r3: usize, query: usize, stride: usize, touch: bool): v128 {
  let a = i32x4.splat(0);
  let b = i32x4.splat(0);
  let c = i32x4.splat(0);
  let d = i32x4.splat(0);
  let touched = i32x4.splat(0);
  const end = r0 + stride;
  let next = r0 + ahead;
  while (r0 < end) {
    if (touch) {
      touched = v128.or(touched, v128.or(v128.load(next), v128.load(next, 64)));
      next += 128;
    }
    let q = v128.load(query);
    a = i32x4.add(a, i32x4.dot_i16x8_s(v128.load_ext<i8>(r0), q));
    b = i32x4.add(b, i32x4.dot_i16x8_s(v128.load_ext<i8>(r1), q));
    c = i32x4.add(c, i32x4.dot_i16x8_s(v128.load_ext<i8>(r2), q));
    d = i32x4.add(d, i32x4.dot_i16x8_s(v128.load_ext<i8>(r3), q));
    q = v128.load(query, 16);
    a = i32x4.add(a, i32x4.dot_i16x8_s(v128.load_ext<i8>(r0, 8), q));
    b = i32x4.add(b, i32x4.dot_i16x8_s(v128.load_ext<i8>(r1, 8), q));
    c = i32x4.add(c, i32x4.dot_i16x8_s(v128.load_ext<i8>(r2, 8), q));
    d = i32x4.add(d, i32x4.dot_i16x8_s(v128.load_ext<i8>(r3, 8), q));
    q = v128.load(query, 32);
    a = i32x4.add(a, i32x4.dot_i16x8_s(v128.load_ext<i8>(r0, 16), q));
    b = i32x4.add(b, i32x4.dot_i16x8_s(v128.load_ext<i8>(r1, 16), q));
    c = i32x4.add(c, i32x4.dot_i16x8_s(v128.load_ext<i8>(r2, 16), q));
    d = i32x4.add(d, i32x4.dot_i16x8_s(v128.load_ext<i8>(r3, 16), q));
    q = v128.load(query, 48);
    a = i32x4.add(a, i32x4.dot_i16x8_s(v128.load_ext<i8>(r0, 24), q));
    b = i32x4.add(b, i32x4.dot_i16x8_s(v128.load_ext<i8>(r1, 24), q));
    c = i32x4.add(c, i32x4.dot_i16x8_s(v128.load_ext<i8>(r2, 24), q));
    d = i32x4.add(d, i32x4.dot_i16x8_s(v128.load_ext<i8>(r3, 24), q));
    r0 += 32;
    r1 += 32;
    r2 += 32;
    r3 += 32;
    query += 64;
  }
  if (touch) sink = i32x4.extract_lane(touched, 0);
  return sums(a, b, c, d);
}

/** Writes (row, estimate) of each of the four lanes whose bit is set; returns where the next pair goes. */
function emit(out: usize, bits: i32, estimates: v128, first: u32): usize {
  if (bits & 1) {
    store<u32>(out, first);
    store<f32>(out, f32x4.extract_lane(estimates, 0), 4);
    out += 8;
  }
  if (bits & 2) {
    store<u32>(out, first + 1);
    store<f32>(out, f32x4.extract_lane(estimates, 1), 4);
    out += 8;
  }
  if (bits & 4) {
    store<u32>(out, first + 2);
    store<f32>(out, f32x4.extract_lane(estimates, 2), 4);
    out += 8;
  }
  if (bits & 8) {
    store<u32>(out, first + 3);
    store<f32>(out, f32x4.extract_lane(estimates, 3), 4);
    out += 8;
  }
  return out;
}

/**
 * Scans rows [start, end), both multiples of 4, of a block. `floor` is the threshold less the query's own
 * quantisation error: rows with estimate + error >= floor are written to `out` as (u32 row, f32 estimate).
 * Returns how many.
 */
export function scan(
  codes: usize, stride: usize, scales: usize, errors: usize,
  start: u32, end: u32,
  query: usize, unit: f32, floor: f32,
  out: usize,
): u32 {
  const first = out;
  const units = f32x4.splat(unit);
  const floors = f32x4.splat(floor);
  let row = codes + <usize>start * stride;
  for (let r = start; r < end; r += 4) {
    const sum = dots(row, row + stride, row + 2 * stride, row + 3 * stride, query, stride, true);
    row += 4 * stride;
    const at = <usize>r << 2;
    const estimates = f32x4.mul(f32x4.mul(f32x4.convert_i32x4_s(sum), v128.load(scales + at)), units);
    const bits = i32x4.bitmask(f32x4.ge(f32x4.add(estimates, v128.load(errors + at)), floors));
    if (bits) out = emit(out, bits, estimates, r);
  }
  return <u32>((out - first) >> 3);
}

/** The same for the `count` rows listed at `rows` (a multiple of 4, the last one repeated); `ordinal`s of the list leave. */
export function scanList(
  codes: usize, stride: usize, scales: usize, errors: usize,
  rows: usize, count: u32,
  query: usize, unit: f32, floor: f32,
  out: usize,
): u32 {
  const first = out;
  const units = f32x4.splat(unit);
  const floors = f32x4.splat(floor);
  for (let i: u32 = 0; i < count; i += 4, rows += 16) {
    const a = <usize>load<u32>(rows);
    const b = <usize>load<u32>(rows, 4);
    const c = <usize>load<u32>(rows, 8);
    const d = <usize>load<u32>(rows, 12);
    const sum = dots(codes + a * stride, codes + b * stride, codes + c * stride, codes + d * stride, query, stride, false);
    const scale = f32x4(load<f32>(scales + (a << 2)), load<f32>(scales + (b << 2)), load<f32>(scales + (c << 2)), load<f32>(scales + (d << 2)));
    const error = f32x4(load<f32>(errors + (a << 2)), load<f32>(errors + (b << 2)), load<f32>(errors + (c << 2)), load<f32>(errors + (d << 2)));
    const estimates = f32x4.mul(f32x4.mul(f32x4.convert_i32x4_s(sum), scale), units);
    const bits = i32x4.bitmask(f32x4.ge(f32x4.add(estimates, error), floors));
    if (bits) out = emit(out, bits, estimates, i);
  }
  return <u32>((out - first) >> 3);
}
