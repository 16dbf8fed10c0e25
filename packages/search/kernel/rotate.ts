/** Adds up the four lanes. */
// @ts-ignore: decorator
@inline
function total(v: v128): f32 {
  return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}

/**
 * Multiplies `count` vectors (a multiple of 4) with a square matrix; `width` f32 a vector and a line of the matrix, a multiple of 4. Each
 * number comes of four sums of a quarter of the products, added up in pairs.
 */
export function rotate(matrix: usize, width: u32, vectors: usize, count: u32, out: usize): void {
  const bytes = <usize>width << 2;
  for (let i: u32 = 0; i < count; i += 4, vectors += bytes << 2, out += bytes << 2) {
    let m = matrix;
    for (let d: usize = 0; d < bytes; d += 4) {
      let s0 = f32x4.splat(0);
      let s1 = f32x4.splat(0);
      let s2 = f32x4.splat(0);
      let s3 = f32x4.splat(0);
      let v = vectors;
      for (const end = m + bytes; m < end; m += 16, v += 16) {
        const line = v128.load(m);
        s0 = f32x4.add(s0, f32x4.mul(line, v128.load(v)));
        s1 = f32x4.add(s1, f32x4.mul(line, v128.load(v + bytes)));
        s2 = f32x4.add(s2, f32x4.mul(line, v128.load(v + 2 * bytes)));
        s3 = f32x4.add(s3, f32x4.mul(line, v128.load(v + 3 * bytes)));
      }
      store<f32>(out + d, total(s0));
      store<f32>(out + d + bytes, total(s1));
      store<f32>(out + d + 2 * bytes, total(s2));
      store<f32>(out + d + 3 * bytes, total(s3));
    }
  }
}
