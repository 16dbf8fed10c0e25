// What quality looks at, over the pixels of a crop: sums only, the formulas are in src/quality.

/** Luma (ITU-R BT.601) of RGB pixels, as 32-bit floats. */
export function luma(source: usize, count: i32, out: usize): void {
  for (let pixel = 0; pixel < count; pixel++, source += 3, out += 4) {
    store<f32>(
      out,
      <f32>(0.299 * <f64>load<u8>(source) + 0.587 * <f64>load<u8>(source, 1) + 0.114 * <f64>load<u8>(source, 2)),
    );
  }
}

/** Of a grey picture less its margins, as four doubles: sum and sum of squares of the Laplacian, then of the pixels. */
export function edges(grey: usize, width: i32, height: i32, marginX: i32, marginY: i32, out: usize): void {
  let edge: f64 = 0;
  let edge2: f64 = 0;
  let sum: f64 = 0;
  let sum2: f64 = 0;
  const row = <usize>(width << 2);
  for (let y = marginY; y < height - marginY; y++) {
    let at = grey + <usize>((y * width + marginX) << 2);
    for (let x = marginX; x < width - marginX; x++, at += 4) {
      const value = <f64>load<f32>(at);
      const laplacian =
        <f64>load<f32>(at - 4) + <f64>load<f32>(at, 4) + <f64>load<f32>(at - row) + <f64>load<f32>(at + row) - 4 * value;
      edge += laplacian;
      edge2 += laplacian * laplacian;
      sum += value;
      sum2 += value * value;
    }
  }
  store<f64>(out, edge);
  store<f64>(out, edge2, 8);
  store<f64>(out, sum, 16);
  store<f64>(out, sum2, 24);
}

/** Sum of a grey picture. */
export function brightness(grey: usize, count: i32): f64 {
  let sum: f64 = 0;
  for (let pixel = 0; pixel < count; pixel++, grey += 4) sum += <f64>load<f32>(grey);
  return sum;
}

/**
 * Of rows [top, bottom) and columns [left, right) of a grey picture: how many pixels are below `dark` or above `bright`, and their sum,
 * as two doubles; then the histograms of the picture's left and right half, `bins` doubles each (of 0..256).
 */
export function light(
  grey: usize, width: i32, left: i32, right: i32, top: i32, bottom: i32,
  dark: f32, bright: f32, bins: i32, out: usize,
): void {
  const histogram = out + 16;
  memory.fill(histogram, 0, <usize>(bins << 4));
  let lost: f64 = 0;
  let sum: f64 = 0;
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const value = load<f32>(grey + <usize>((y * width + x) << 2));
      const bin = min(bins - 1, <i32>(value * <f32>bins / 256));
      const at = histogram + <usize>(((x << 1) < width ? bin : bins + bin) << 3);
      store<f64>(at, load<f64>(at) + 1);
      if (value < dark || value > bright) lost += 1;
      sum += <f64>value;
    }
  }
  store<f64>(out, lost);
  store<f64>(out, sum, 8);
}

/** Sum of each channel over a rectangle of an RGB crop, as three doubles. */
export function mean(source: usize, width: i32, left: i32, top: i32, columns: i32, rows: i32, out: usize): void {
  let red = 0;
  let green = 0;
  let blue = 0;
  for (let y = top; y < top + rows; y++) {
    let at = source + <usize>((y * width + left) * 3);
    for (let x = 0; x < columns; x++, at += 3) {
      red += load<u8>(at);
      green += load<u8>(at, 1);
      blue += load<u8>(at, 2);
    }
  }
  store<f64>(out, <f64>red);
  store<f64>(out, <f64>green, 8);
  store<f64>(out, <f64>blue, 16);
}
