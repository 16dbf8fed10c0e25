// The scan: int8 rows times an int16 query, four rows at a time, and only the rows that can still win leave. What the first plane
// tells of a row's cosine is within the product of both vectors' lengths beyond it (Cauchy-Schwarz): the further planes are
// read of the few rows only that reach the floor so; the second of all rows, where they aren't few.

import { Probe, probeBytes, Rows } from './block';
import { dots, dotsOf } from './dots';

/** Appends (place, figure) of each of the four lanes whose bit is set; returns where the next pair goes. */
function emit(out: usize, bits: i32, figures: v128, a: u32, b: u32, c: u32, d: u32): usize {
  if (bits & 1) {
    store<u32>(out, a);
    store<i32>(out, i32x4.extract_lane(figures, 0), 4);
    out += 8;
  }
  if (bits & 2) {
    store<u32>(out, b);
    store<i32>(out, i32x4.extract_lane(figures, 1), 4);
    out += 8;
  }
  if (bits & 4) {
    store<u32>(out, c);
    store<i32>(out, i32x4.extract_lane(figures, 2), 4);
    out += 8;
  }
  if (bits & 8) {
    store<u32>(out, d);
    store<i32>(out, i32x4.extract_lane(figures, 3), 4);
    out += 8;
  }
  return out;
}

// @ts-ignore: decorator
@inline
function gather(from: usize, a: u32, b: u32, c: u32, d: u32): v128 {
  const one = v128.load32_zero(from + (<usize>a << 2));
  const two = v128.load32_lane(from + (<usize>b << 2), one, 1);
  const three = v128.load32_lane(from + (<usize>c << 2), two, 2);
  return v128.load32_lane(from + (<usize>d << 2), three, 3);
}

/** The remainders beyond the first plane. */
// @ts-ignore: decorator
@inline
function beyondFirst(remainders: v128): v128 {
  return f32x4.convert_i32x4_s(v128.and(remainders, i32x4.splat(0xffff)));
}

/** Those beyond the second. */
// @ts-ignore: decorator
@inline
function beyondSecond(remainders: v128): v128 {
  return f32x4.convert_i32x4_s(i32x4.shr_u(remainders, 16));
}

/** The row that a pair is of: it has a place in the list, where there is one. */
// @ts-ignore: decorator
@inline
function rowOf(list: usize, place: u32): u32 {
  return list ? load<u32>(list + (<usize>place << 2)) : place;
}

/**
 * Adds a further plane to the `count` dot products at `out`, and keeps those pairs that reach the floor.
 * @param last there is no plane behind it: estimates take the products' place
 */
function narrow(
  rows: Rows, plane: usize, bytes: usize, query: usize, probe: Probe, floor: f32, list: usize, out: usize, count: u32, last: bool,
): u32 {
  const units = f32x4.splat(probe.unit);
  const floors = f32x4.splat(floor);
  let to = out;
  for (let i: u32 = 0; i < count; i += 4) {
    const at = out + (<usize>i << 3);
    const left = count - i;
    const pa = load<u32>(at);
    const pb = left > 1 ? load<u32>(at, 8) : pa;
    const pc = left > 2 ? load<u32>(at, 16) : pa;
    const pd = left > 3 ? load<u32>(at, 24) : pa;
    const a = rowOf(list, pa);
    const b = rowOf(list, pb);
    const c = rowOf(list, pc);
    const d = rowOf(list, pd);
    let sum = i32x4(load<i32>(at, 4), load<i32>(at, 12), load<i32>(at, 20), load<i32>(at, 28));
    if (bytes) sum = i32x4.add(sum, dotsOf(plane, bytes, a, b, c, d, query));
    const estimates = f32x4.mul(f32x4.mul(f32x4.convert_i32x4_s(sum), gather(rows.scales, a, b, c, d)), units);
    let upper = f32x4.add(estimates, gather(rows.errors, a, b, c, d));
    if (!last) {
      const remainders = beyondSecond(gather(rows.remainders, a, b, c, d));
      upper = f32x4.add(upper, f32x4.mul(remainders, f32x4.splat(probe.length2)));
    }
    let bits = i32x4.bitmask(f32x4.ge(upper, floors));
    if (left < 4) bits &= (1 << left) - 1;
    const kept = last ? estimates : sum;
    to = emit(to, bits, kept, pa, pb, pc, pd);
  }
  return <u32>((to - out) >> 3);
}

/** The pairs that all planes leave of those that the first did. */
function finish(rows: Rows, probe: Probe, floor: f32, list: usize, out: usize, count: u32): u32 {
  const query = changetype<usize>(probe) + probeBytes + (rows.bytes0 << 1);
  let left = count;
  if (rows.bytes2) left = narrow(rows, rows.plane1, rows.bytes1, query, probe, floor, list, out, left, false);
  const plane = rows.bytes2 ? rows.plane2 : rows.plane1;
  const bytes = rows.bytes2 ? rows.bytes2 : rows.bytes1;
  const behind = rows.bytes2 ? rows.bytes1 << 1 : 0;
  return narrow(rows, plane, bytes, query + behind, probe, floor, list, out, left, true);
}

/** Rows after which a scan decides anew how to read the second plane; a multiple of 4. */
const stretch: u32 = 256;

/** How many of the rows that `scanTwo` last saw the first plane alone would have left. */
let leftByFirst: u32 = 0;

/** Rows [start, end) by their first plane: appends (row, dot product) of those that can still reach the floor. */
function scanFirst(rows: Rows, start: u32, end: u32, probe: Probe, floor: f32, out: usize): usize {
  const units = f32x4.splat(probe.unit);
  const floors = f32x4.splat(floor);
  const lengths = f32x4.splat(probe.length1);
  const query = changetype<usize>(probe) + probeBytes;
  const bytes = rows.bytes0;
  const scales = rows.scales;
  const errors = rows.errors;
  const remainders = rows.remainders;
  let row = rows.plane0 + <usize>start * bytes;
  for (let r = start; r < end; r += 4) {
    const sum = dots(row, row + bytes, row + 2 * bytes, row + 3 * bytes, query, bytes, true);
    row += 4 * bytes;
    const at = <usize>r << 2;
    const estimates = f32x4.mul(f32x4.mul(f32x4.convert_i32x4_s(sum), v128.load(scales + at)), units);
    const beyond = f32x4.mul(beyondFirst(v128.load(remainders + at)), lengths);
    const upper = f32x4.add(f32x4.add(estimates, v128.load(errors + at)), beyond);
    const bits = i32x4.bitmask(f32x4.ge(upper, floors));
    if (bits) out = emit(out, bits, sum, r, r + 1, r + 2, r + 3);
  }
  return out;
}

/**
 * The same by their first two planes together: to read the second of many rows one by one takes longer than of all in turn.
 * @param last there is no third plane: estimates leave in place of the products
 */
function scanTwo(rows: Rows, start: u32, end: u32, probe: Probe, floor: f32, last: bool, out: usize): usize {
  const units = f32x4.splat(probe.unit);
  const floors = f32x4.splat(floor);
  const query = changetype<usize>(probe) + probeBytes;
  const bytes = rows.bytes0;
  const more = rows.bytes1;
  let row = rows.plane0 + <usize>start * bytes;
  let second = rows.plane1 + <usize>start * more;
  let left: u32 = 0;
  for (let r = start; r < end; r += 4) {
    const first = dots(row, row + bytes, row + 2 * bytes, row + 3 * bytes, query, bytes, true);
    const rest = dots(second, second + more, second + 2 * more, second + 3 * more, query + (bytes << 1), more, true);
    row += 4 * bytes;
    second += 4 * more;
    const at = <usize>r << 2;
    const remainders = v128.load(rows.remainders + at);
    const scales = f32x4.mul(v128.load(rows.scales + at), units);
    const errors = v128.load(rows.errors + at);
    const beyond = f32x4.mul(beyondFirst(remainders), f32x4.splat(probe.length1));
    const uppers = f32x4.add(f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(first), scales), errors), beyond);
    left += popcnt(i32x4.bitmask(f32x4.ge(uppers, floors)));
    const sum = i32x4.add(first, rest);
    const estimates = f32x4.mul(f32x4.mul(f32x4.convert_i32x4_s(sum), v128.load(rows.scales + at)), units);
    let upper = f32x4.add(estimates, errors);
    if (!last) upper = f32x4.add(upper, f32x4.mul(beyondSecond(remainders), f32x4.splat(probe.length2)));
    const bits = i32x4.bitmask(f32x4.ge(upper, floors));
    if (bits) out = emit(out, bits, last ? estimates : sum, r, r + 1, r + 2, r + 3);
  }
  leftByFirst = left;
  return out;
}

/**
 * Scans rows [start, end), both multiples of 4, of a block. `floor` is the threshold less the query's own
 * quantisation error: rows with estimate + error >= floor are written to `out` as (u32 row, f32 estimate).
 * Returns how many.
 */
export function scan(rows: Rows, start: u32, end: u32, probe: Probe, floor: f32, out: usize): u32 {
  const query = changetype<usize>(probe) + probeBytes;
  const second = query + (rows.bytes0 << 1);
  const last = rows.bytes2 == 0;
  let to = out;
  let together = false;
  for (let r = start; r < end; r += stretch) {
    const stop = min(r + stretch, end);
    const from = to;
    if (together) {
      to = scanTwo(rows, r, stop, probe, floor, last, from);
    } else {
      to = scanFirst(rows, r, stop, probe, floor, from);
      leftByFirst = <u32>((to - from) >> 3);
      to = from + (<usize>narrow(rows, rows.plane1, rows.bytes1, second, probe, floor, 0, from, leftByFirst, last) << 3);
    }
    // From an eighth on.
    together = rows.bytes1 != 0 && leftByFirst > (stop - r) >> 3;
  }
  const count = <u32>((to - out) >> 3);
  if (last) return count;
  return narrow(rows, rows.plane2, rows.bytes2, second + (rows.bytes1 << 1), probe, floor, 0, out, count, true);
}

/** The same for the `count` rows listed at `list` (a multiple of 4, the last one repeated); places in the list leave. */
export function scanList(rows: Rows, list: usize, count: u32, probe: Probe, floor: f32, out: usize): u32 {
  const units = f32x4.splat(probe.unit);
  const floors = f32x4.splat(floor);
  const lengths = f32x4.splat(probe.length1);
  const query = changetype<usize>(probe) + probeBytes;
  const bytes = rows.bytes0;
  const plane = rows.plane0;
  let to = out;
  let next = list;
  for (let i: u32 = 0; i < count; i += 4, next += 16) {
    const a = load<u32>(next);
    const b = load<u32>(next, 4);
    const c = load<u32>(next, 8);
    const d = load<u32>(next, 12);
    const sum = dotsOf(plane, bytes, a, b, c, d, query);
    const estimates = f32x4.mul(f32x4.mul(f32x4.convert_i32x4_s(sum), gather(rows.scales, a, b, c, d)), units);
    const beyond = f32x4.mul(beyondFirst(gather(rows.remainders, a, b, c, d)), lengths);
    const upper = f32x4.add(f32x4.add(estimates, gather(rows.errors, a, b, c, d)), beyond);
    const bits = i32x4.bitmask(f32x4.ge(upper, floors));
    if (bits) to = emit(to, bits, sum, i, i + 1, i + 2, i + 3);
  }
  return finish(rows, probe, floor, list, out, <u32>((to - out) >> 3));
}
