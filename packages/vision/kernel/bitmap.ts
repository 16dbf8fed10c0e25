// The pixels of a bitmap's row as RGB.

/** Blue, green, red (and, with 4 bytes a pixel, one that doesn't count) to RGB; 16 bytes behind the end may be written over. */
export function reorder(source: usize, count: i32, bytes: i32, out: usize): void {
  let left = count;
  if (bytes == 3) {
    const turned = v128(2, 1, 0, 5, 4, 3, 8, 7, 6, 11, 10, 9, 14, 13, 12, -1);
    for (; left >= 5; left -= 5, source += 15, out += 15) v128.store(out, i8x16.swizzle(v128.load(source), turned));
  } else {
    const turned = v128(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1);
    for (; left >= 4; left -= 4, source += 16, out += 12) v128.store(out, i8x16.swizzle(v128.load(source), turned));
  }
  for (; left > 0; left--, source += bytes, out += 3) {
    store<u8>(out, load<u8>(source, 2));
    store<u8>(out, load<u8>(source, 1), 1);
    store<u8>(out, load<u8>(source), 2);
  }
}

/** Indices of 1, 2, 4 or 8 bits, the first in the highest bits, to a byte each. */
export function indices(source: usize, count: i32, bits: i32, out: usize): void {
  const mask = (1 << bits) - 1;
  const last = 8 - bits;
  let shift = last;
  for (let pixel = 0; pixel < count; pixel++) {
    store<u8>(out + <usize>pixel, (load<u8>(source) >> <u8>shift) & <u8>mask);
    shift -= bits;
    if (shift < 0) {
      shift = last;
      source += 1;
    }
  }
}

/** Colours of a palette of `entries` × 4 bytes (RGB and one that doesn't count); how many were painted: fewer where an index is beyond it. */
export function palette(source: usize, count: i32, colours: usize, entries: i32, out: usize): i32 {
  for (let pixel = 0; pixel < count; pixel++, out += 3) {
    const index = <i32>load<u8>(source + <usize>pixel);
    if (index >= entries) return pixel;
    store<u32>(out, load<u32>(colours + <usize>(index << 2)));
  }
  return count;
}
