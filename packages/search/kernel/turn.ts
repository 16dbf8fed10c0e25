/**
 * A query along the axes: `dimension` inner products of a line of the matrix (f32) with the query (f64), in double precision, as f64 at
 * `out`. A set of many segments has its query turned for each of them.
 */
export function turn(matrix: usize, dimension: u32, query: usize, out: usize): void {
  const whole = dimension & ~3;
  let line = matrix;
  for (let axis: u32 = 0; axis < dimension; axis++, line += <usize>dimension << 2, out += 8) {
    let s01 = f64x2.splat(0);
    let s23 = f64x2.splat(0);
    for (let d: u32 = 0; d < whole; d += 4) {
      const at = line + (<usize>d << 2);
      const own = query + (<usize>d << 3);
      s01 = f64x2.add(s01, f64x2.mul(v128.load(own), f64x2.promote_low_f32x4(v128.load64_zero(at))));
      s23 = f64x2.add(s23, f64x2.mul(v128.load(own, 16), f64x2.promote_low_f32x4(v128.load64_zero(at, 8))));
    }
    let sum = f64x2.extract_lane(s01, 0);
    for (let d = whole; d < dimension; d++) {
      sum += load<f64>(query + (<usize>d << 3)) * <f64>load<f32>(line + (<usize>d << 2));
    }
    store<f64>(out, sum + f64x2.extract_lane(s01, 1) + (f64x2.extract_lane(s23, 0) + f64x2.extract_lane(s23, 1)));
  }
}
