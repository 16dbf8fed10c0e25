// Colours of one RGB space as those of another, over linear light.

/**
 * `count` RGB pixels, in place. `light`: for each value of red, then of green, then of blue, what it adds to the light of the new red,
 * green and blue, in four floats; `encoded`: the new value for each whole light from 0 to `last`, to which others are clipped.
 */
export function convert(pixels: usize, count: i32, light: usize, encoded: usize, last: i32): void {
  const dark = i32x4.splat(0);
  const full = i32x4.splat(last);
  for (; count > 0; count--, pixels += 3) {
    const red = v128.load(light + (<usize>load<u8>(pixels) << 4));
    const green = v128.load(light + (<usize>load<u8>(pixels, 1) << 4), 4096);
    const blue = v128.load(light + (<usize>load<u8>(pixels, 2) << 4), 8192);
    const sum = f32x4.add(f32x4.add(red, green), blue);
    const step = i32x4.max_s(i32x4.min_s(i32x4.trunc_sat_f32x4_s(sum), full), dark);
    store<u8>(pixels, load<u8>(encoded + <usize>i32x4.extract_lane(step, 0)));
    store<u8>(pixels, load<u8>(encoded + <usize>i32x4.extract_lane(step, 1)), 1);
    store<u8>(pixels, load<u8>(encoded + <usize>i32x4.extract_lane(step, 2)), 2);
  }
}
