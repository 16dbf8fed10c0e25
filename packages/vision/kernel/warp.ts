// Bilinear sampling of RGB pixels along an affine map: four pixels at a time, positions with 16 fractional bits, weights with 8.

/**
 * Samples a part of a picture into a crop of `width` × `height`. The part is `columns` × `rows` pixels at `source`, `step` bytes a
 * row, its corner at (left, top) of the picture; it reaches one pixel (black) beyond the picture where the crop does. (u, v) of the crop
 * lies at (a·u + b·v + tx, c·u + d·v + ty) of the picture, `wide` × `high` pixels; what lies a pixel or more outside stays as it is.
 */
export function warp(
  source: usize, step: i32, left: i32, top: i32, columns: i32, rows: i32, wide: i32, high: i32,
  a: f64, b: f64, tx: f64, c: f64, d: f64, ty: f64,
  out: usize, width: i32, height: i32, spare: usize,
): void {
  const steps = i32x4.splat(step);
  const most_x = i32x4.splat(((columns - 1) << 16) - 1);
  const most_y = i32x4.splat(((rows - 1) << 16) - 1);
  const step_x = <i32>nearest(a * 65536);
  const step_y = <i32>nearest(c * 65536);
  const each = i32x4(0, 1, 2, 3);
  const along_x = i32x4.mul(each, i32x4.splat(step_x));
  const along_y = i32x4.mul(each, i32x4.splat(step_y));
  for (let v = 0; v < height; v++, out += <usize>(width * 3)) {
    const x = b * <f64>v + tx;
    const y = d * <f64>v + ty;
    let from = max(first(x, a, wide), first(y, c, high));
    let to = min(last(x, a, wide, width), last(y, c, high, width));
    from = max(0, from);
    // The two ends are where rounding could have gone wrong.
    while (from < to && !(covered(x + a * <f64>from, wide) && covered(y + c * <f64>from, high))) from++;
    while (from < to && !(covered(x + a * <f64>(to - 1), wide) && covered(y + c * <f64>(to - 1), high))) to--;
    let px = <i32>nearest((x + a * <f64>from - <f64>left) * 65536);
    let py = <i32>nearest((y + c * <f64>from - <f64>top) * 65536);
    for (let u = from; u < to; u += 4, px += step_x << 2, py += step_y << 2) {
      const xs = i32x4.max_s(i32x4.min_s(i32x4.add(i32x4.splat(px), along_x), most_x), i32x4.splat(0));
      const ys = i32x4.max_s(i32x4.min_s(i32x4.add(i32x4.splat(py), along_y), most_y), i32x4.splat(0));
      const four = sample(source, step, steps, xs, ys);
      const at = out + <usize>(u * 3);
      if (u + 4 <= to) {
        v128.store64_lane(at, four, 0);
        v128.store32_lane(at, four, 2, 8);
      } else {
        v128.store(spare, four);
        memory.copy(at, spare, <usize>((to - u) * 3));
      }
    }
  }
}

/** Four pixels, 12 bytes, at places with 16 fractional bits. */
// @ts-ignore: decorator
@inline
function sample(source: usize, step: i32, steps: v128, xs: v128, ys: v128): v128 {
  const columns = i32x4.shr_s(xs, 16);
  const places = i32x4.add(
    i32x4.mul(i32x4.shr_s(ys, 16), steps),
    i32x4.add(columns, i32x4.shl(columns, 1)),
  );
  const p0 = source + <usize>i32x4.extract_lane(places, 0);
  const p1 = source + <usize>i32x4.extract_lane(places, 1);
  const p2 = source + <usize>i32x4.extract_lane(places, 2);
  const p3 = source + <usize>i32x4.extract_lane(places, 3);
  const below = <usize>step;
  const bits = i32x4.splat(255);
  const fx = v128.and(i32x4.shr_s(xs, 8), bits);
  const fy = v128.and(i32x4.shr_s(ys, 8), bits);
  const pairs = v128(0, 1, 0, 1, 0, 1, 0, 1, 4, 5, 4, 5, 4, 5, 4, 5);
  const others = v128(8, 9, 8, 9, 8, 9, 8, 9, 12, 13, 12, 13, 12, 13, 12, 13);
  const ab = mix(
    v128.load64_lane(p1, v128.load64_zero(p0), 1),
    v128.load64_lane(p1 + below, v128.load64_zero(p0 + below), 1),
    i8x16.swizzle(fx, pairs), i8x16.swizzle(fy, pairs),
  );
  const cd = mix(
    v128.load64_lane(p3, v128.load64_zero(p2), 1),
    v128.load64_lane(p3 + below, v128.load64_zero(p2 + below), 1),
    i8x16.swizzle(fx, others), i8x16.swizzle(fy, others),
  );
  return i8x16.swizzle(i8x16.narrow_i16x8_u(ab, cd), v128(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1));
}

/** Two pixels from their neighbours on two rows, as eight numbers of 16 bits (the fourth of each says nothing). */
// @ts-ignore: decorator
@inline
function mix(upper: v128, lower: v128, fx: v128, fy: v128): v128 {
  const whole = i16x8.splat(256);
  const lefts = v128(0, -1, 1, -1, 2, -1, -1, -1, 8, -1, 9, -1, 10, -1, -1, -1);
  const rights = v128(3, -1, 4, -1, 5, -1, -1, -1, 11, -1, 12, -1, 13, -1, -1, -1);
  const gx = i16x8.sub(whole, fx);
  const gy = i16x8.sub(whole, fy);
  const above = i16x8.add(
    i16x8.mul(i8x16.swizzle(upper, lefts), gx),
    i16x8.mul(i8x16.swizzle(upper, rights), fx),
  );
  const below = i16x8.add(
    i16x8.mul(i8x16.swizzle(lower, lefts), gx),
    i16x8.mul(i8x16.swizzle(lower, rights), fx),
  );
  const half = i32x4.splat(32768);
  const one = i32x4.add(i32x4.extmul_low_i16x8_u(above, gy), i32x4.extmul_low_i16x8_u(below, fy));
  const two = i32x4.add(i32x4.extmul_high_i16x8_u(above, gy), i32x4.extmul_high_i16x8_u(below, fy));
  return i16x8.narrow_i32x4_u(i32x4.shr_u(i32x4.add(one, half), 16), i32x4.shr_u(i32x4.add(two, half), 16));
}

/** Does the place have a neighbour inside a picture of so many pixels? */
// @ts-ignore: decorator
@inline
function covered(at: f64, size: i32): bool {
  return at > -1 && at < <f64>size;
}

/** At or before the first step whose place, start + u · step, is covered. */
function first(start: f64, step: f64, size: i32): i32 {
  if (abs(step) < 1e-9) return 0;
  const at = step > 0 ? (-1 - start) / step : (<f64>size - start) / step;
  return <i32>min(1e6, max(0, floor(at)));
}

/** At or behind the end of the covered steps, of `count`; none where the place never moves into the picture. */
function last(start: f64, step: f64, size: i32, count: i32): i32 {
  if (abs(step) < 1e-9) return covered(start, size) ? count : 0;
  const at = step > 0 ? (<f64>size - start) / step : (-1 - start) / step;
  return <i32>min(<f64>count, max(0, ceil(at) + 1));
}

/** Copies a crop mirrored left to right; 16 bytes behind the copy may be written over. */
export function mirror(source: usize, width: i32, height: i32, out: usize): void {
  const turned = v128(12, 13, 14, 9, 10, 11, 6, 7, 8, 3, 4, 5, 0, 1, 2, -1);
  for (let v = 0; v < height; v++) {
    const row = source + <usize>(v * width * 3);
    let to = out + <usize>(v * width * 3);
    let u = width;
    for (; u >= 5; u -= 5, to += 15) v128.store(to, i8x16.swizzle(v128.load(row + <usize>((u - 5) * 3)), turned));
    for (; u > 0; u--, to += 3) {
      const from = row + <usize>((u - 1) * 3);
      store<u16>(to, load<u16>(from));
      store<u8>(to, load<u8>(from, 2), 2);
    }
  }
}
