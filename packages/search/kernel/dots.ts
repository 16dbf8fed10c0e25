import { ahead } from './ahead';
import { sums } from './lanes';

let sink: i32 = 0;

/**
 * The dot products of four rows of `bytes` signed bytes (a multiple of 32) with a query of int16. Four rows share each load of the
 * query, and i32x4.dot_i16x8_s adds pairs, so eight dimensions cost three instructions a row: widen, dot, add.
 */
// @ts-ignore: decorator
@inline
export function dots(r0: usize, r1: usize, r2: usize, r3: usize, query: usize, bytes: usize, touch: bool): v128 {
  let a = i32x4.splat(0);
  let b = i32x4.splat(0);
  let c = i32x4.splat(0);
  let d = i32x4.splat(0);
  let touched = i32x4.splat(0);
  const end = r0 + bytes;
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

/** The same of rows anywhere, as one function for all who list rows: its instructions would else be there for each of them. */
export function dotsOf(plane: usize, bytes: usize, a: u32, b: u32, c: u32, d: u32, query: usize): v128 {
  return dots(plane + a * bytes, plane + b * bytes, plane + c * bytes, plane + d * bytes, query, bytes, false);
}
