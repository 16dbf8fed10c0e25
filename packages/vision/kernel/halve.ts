// Half of a picture, each of its pixels a weighted mean of 4 × 4: what a triangle of two pixels to either side makes of a shrink by two.

/** (a + 3b + 3c + d) / 8 of 16 bytes each, rounded. */
// @ts-ignore: decorator
@inline
function blended(a: v128, b: v128, c: v128, d: v128): v128 {
  const low = eighth(
    i16x8.add(i16x8.extend_low_i8x16_u(a), i16x8.extend_low_i8x16_u(d)),
    i16x8.add(i16x8.extend_low_i8x16_u(b), i16x8.extend_low_i8x16_u(c)),
  );
  const high = eighth(
    i16x8.add(i16x8.extend_high_i8x16_u(a), i16x8.extend_high_i8x16_u(d)),
    i16x8.add(i16x8.extend_high_i8x16_u(b), i16x8.extend_high_i8x16_u(c)),
  );
  return i8x16.narrow_i16x8_u(low, high);
}

// @ts-ignore: decorator
@inline
function eighth(outer: v128, inner: v128): v128 {
  const sum = i16x8.add(i16x8.add(outer, inner), i16x8.add(inner, inner));
  return i16x8.shr_u(i16x8.add(sum, i16x8.splat(4)), 3);
}

/**
 * An RGB picture of even sides, halved; its edges are repeated. `row` is room for a row and two pixels more; 16 bytes behind it and
 * behind the picture may be read, or written over.
 */
export function halve(source: usize, width: i32, height: i32, row: usize, out: usize): void {
  const bytes = <usize>(width * 3);
  const first = row + 3;
  for (let y = 0; y < height; y += 2) {
    const b = source + <usize>y * bytes;
    const c = b + bytes;
    const a = y == 0 ? b : b - bytes;
    const d = y + 2 == height ? c : c + bytes;
    for (let at: usize = 0; at < bytes; at += 16)
      v128.store(first + at, blended(v128.load(a + at), v128.load(b + at), v128.load(c + at), v128.load(d + at)));
    for (let channel: usize = 0; channel < 3; channel++) {
      store<u8>(row + channel, load<u8>(first + channel));
      store<u8>(first + bytes + channel, load<u8>(first + bytes + channel - 3));
    }
    let at = row;
    for (let x = 0; x < width; x += 2, at += 6, out += 3) {
      for (let channel: usize = 0; channel < 3; channel++) {
        const p = at + channel;
        const outer = <u32>load<u8>(p) + <u32>load<u8>(p, 9);
        const inner = <u32>load<u8>(p, 3) + <u32>load<u8>(p, 6);
        store<u8>(out + channel, <u8>((outer + 3 * inner + 4) >> 3));
      }
    }
  }
}
