// Dense inverse search (T. Kroeger et al., ECCV 2016) over two levels, without variational refinement: src/pad/dense-registration.ts.

/** Side of a patch in pixels, and from one to the next. */
const patchSide = 8;
const stride = 4;
const pixels: f32 = 64;
/** How often a patch is moved at most. */
const steps = 12;
/** Pixels a patch may leave its start by; farther it has lost its way. */
const farthest: f32 = 8;
/** Added to a patch's squared gradients (grey levels), so that a plain one stays where it is. */
const damping: f32 = 8;
/** A step that betters the fit by less, in parts of the error, is the last. */
const leastGain: f32 = 0.005;
/** Bytes of a patch's values. */
const patchBytes: usize = 256;

/** Where the patch that was searched last is, less where it is in the target. */
let foundX: f32 = 0;
let foundY: f32 = 0;

/**
 * Where each pixel of `target` is found in `source`: two fields. Both are square, of `side` pixels (a multiple of eight); `counts` is 1 or 0,
 * a byte a pixel. `room` is for four more such pictures of floats.
 */
export function flow(source: usize, target: usize, counts: usize, side: i32, outX: usize, outY: usize, room: usize): void {
  const half = side >> 1;
  const bytes = <usize>(side * side) << 2;
  const quarter = bytes >> 2;
  const weights = room;
  const coarseSource = weights + bytes;
  const coarseTarget = coarseSource + quarter;
  const coarseX = coarseTarget + quarter;
  const coarseY = coarseX + quarter;
  const coarseCounts = coarseY + quarter;
  const patch = coarseCounts + quarter;
  halve(source, side, coarseSource);
  halve(target, side, coarseTarget);
  for (let y = 0; y < half; y++)
    for (let x = 0; x < half; x++)
      store<u8>(coarseCounts + <usize>(y * half + x), load<u8>(counts + <usize>(2 * y * side + 2 * x)));
  search(coarseSource, coarseTarget, coarseCounts, half, 0, 0, coarseX, coarseY, weights, patch);
  search(source, target, counts, side, coarseX, coarseY, outX, outY, weights, patch);
}

/** Means of 2 × 2 pixels. */
function halve(source: usize, side: i32, out: usize): void {
  const row = <usize>side << 2;
  for (let y = 0; y < side; y += 2, source += row)
    for (let x = 0; x < side; x += 2, source += 8, out += 4)
      store<f32>(out, (load<f32>(source) + load<f32>(source, 4) + load<f32>(source + row) + load<f32>(source + row, 4)) / 4);
}

/** One level, from the field of the one above (0: from nothing). */
function search(
  source: usize, target: usize, counts: usize, side: i32, aboveX: usize, aboveY: usize,
  outX: usize, outY: usize, weights: usize, patch: usize,
): void {
  const bytes = <usize>(side * side) << 2;
  memory.fill(outX, 0, bytes);
  memory.fill(outY, 0, bytes);
  for (let at: usize = 0; at < bytes; at += 16) v128.store(weights + at, f32x4.splat(1e-6));
  for (let top = 1; top + patchSide < side; top += stride) {
    for (let left = 1; left + patchSide < side; left += stride) {
      const y = top + patchSide / 2;
      const x = left + patchSide / 2;
      if (load<u8>(counts + <usize>(y * side + x)) == 0) continue;
      const above = <usize>((y >> 1) * (side >> 1) + (x >> 1)) << 2;
      const x0: f32 = aboveX == 0 ? 0 : 2 * load<f32>(aboveX + above);
      const y0: f32 = aboveY == 0 ? 0 : 2 * load<f32>(aboveY + above);
      find(source, target, side, left, top, x0, y0, patch);
      add(source, target, side, left, top, outX, outY, weights);
    }
  }
  for (let at: usize = 0; at < bytes; at += 16) {
    const weight = v128.load(weights + at);
    v128.store(outX + at, f32x4.div(v128.load(outX + at), weight));
    v128.store(outY + at, f32x4.div(v128.load(outY + at), weight));
  }
}

/** Where one patch of the target is in the source: inverse compositional Lucas-Kanade of a displacement, means left aside. */
function find(source: usize, target: usize, side: i32, left: i32, top: i32, x0: f32, y0: f32, patch: usize): void {
  const gradientX = patch + patchBytes;
  const gradientY = gradientX + patchBytes;
  const row = <usize>side << 2;
  const half = f32x4.splat(0.5);
  let sumX = f32x4.splat(0);
  let sumY = f32x4.splat(0);
  let sumXX = f32x4.splat(0);
  let sumXY = f32x4.splat(0);
  let sumYY = f32x4.splat(0);
  let at = target + (<usize>(top * side + left) << 2);
  for (let k: usize = 0; k < patchBytes; at += row) {
    for (let u: usize = 0; u < 32; u += 16, k += 16) {
      const p = at + u;
      const dx = f32x4.mul(f32x4.sub(v128.load(p + 4), v128.load(p - 4)), half);
      const dy = f32x4.mul(f32x4.sub(v128.load(p + row), v128.load(p - row)), half);
      v128.store(gradientX + k, dx);
      v128.store(gradientY + k, dy);
      sumX = f32x4.add(sumX, dx);
      sumY = f32x4.add(sumY, dy);
      sumXX = f32x4.add(sumXX, f32x4.mul(dx, dx));
      sumXY = f32x4.add(sumXY, f32x4.mul(dx, dy));
      sumYY = f32x4.add(sumYY, f32x4.mul(dy, dy));
    }
  }
  const gx = lanes(sumX);
  const gy = lanes(sumY);
  const xx = lanes(sumXX) - (gx * gx) / pixels + damping;
  const xy = lanes(sumXY) - (gx * gy) / pixels;
  const yy = lanes(sumYY) - (gy * gy) / pixels + damping;
  const determinant = xx * yy - xy * xy;
  let x = x0;
  let y = y0;
  foundX = x0;
  foundY = y0;
  let least = f32.MAX_VALUE;
  for (let i = 0; i <= steps; i++) {
    const mean = f32x4.splat(compare(source, target, side, left, top, x, y, patch));
    let sumB = f32x4.splat(0);
    let sumC = f32x4.splat(0);
    let squares = f32x4.splat(0);
    for (let k: usize = 0; k < patchBytes; k += 16) {
      const d = f32x4.sub(v128.load(patch + k), mean);
      sumB = f32x4.add(sumB, f32x4.mul(d, v128.load(gradientX + k)));
      sumC = f32x4.add(sumC, f32x4.mul(d, v128.load(gradientY + k)));
      squares = f32x4.add(squares, f32x4.mul(d, d));
    }
    const error = lanes(squares);
    if (error >= least) return;
    foundX = x;
    foundY = y;
    if (least - error < leastGain * error) return;
    least = error;
    const bx = lanes(sumB);
    const by = lanes(sumC);
    x -= (yy * bx - xy * by) / determinant;
    y -= (xx * by - xy * bx) / determinant;
    if (abs(x - x0) > farthest || abs(y - y0) > farthest) return;
  }
}

/** Source, displaced, less target, into `patch`; the mean of it. One displacement for the patch: its four weights are the same. */
function compare(source: usize, target: usize, side: i32, left: i32, top: i32, x: f32, y: f32, patch: usize): f32 {
  const row = <usize>side << 2;
  const px = placed(left, x, side);
  const py = placed(top, y, side);
  const column = <i32>px;
  const line = <i32>py;
  const fx = px - <f32>column;
  const fy = py - <f32>line;
  const a = f32x4.splat((1 - fx) * (1 - fy));
  const b = f32x4.splat(fx * (1 - fy));
  const c = f32x4.splat((1 - fx) * fy);
  const d = f32x4.splat(fx * fy);
  let from = source + (<usize>(line * side + column) << 2);
  let at = target + (<usize>(top * side + left) << 2);
  let sum = f32x4.splat(0);
  for (let k: usize = 0; k < patchBytes; from += row, at += row) {
    for (let u: usize = 0; u < 32; u += 16, k += 16) {
      const p = from + u;
      const upper = f32x4.add(f32x4.mul(a, v128.load(p)), f32x4.mul(b, v128.load(p + 4)));
      const lower = f32x4.add(f32x4.mul(c, v128.load(p + row)), f32x4.mul(d, v128.load(p + row + 4)));
      const value = f32x4.sub(f32x4.add(upper, lower), v128.load(at + u));
      v128.store(patch + k, value);
      sum = f32x4.add(sum, value);
    }
  }
  return lanes(sum) / pixels;
}

/** A patch's edge, displaced as far as the picture reaches. */
// @ts-ignore: decorator
@inline
function placed(edge: i32, by: f32, side: i32): f32 {
  return max<f32>(0, min<f32>(<f32>(side - patchSide) - 1.001, <f32>edge + by));
}

/** A patch's displacement to the sums of its pixels, the better it fits at one the more. */
function add(source: usize, target: usize, side: i32, left: i32, top: i32, sumX: usize, sumY: usize, weights: usize): void {
  const row = <usize>side << 2;
  const one = f32x4.splat(1);
  const x = f32x4.splat(foundX);
  const y = f32x4.splat(foundY);
  let from = source + (<usize>(<i32>(placed(top, foundY, side) + 0.5) * side + <i32>(placed(left, foundX, side) + 0.5)) << 2);
  let at = <usize>(top * side + left) << 2;
  for (let v = 0; v < patchSide; v++, from += row, at += row) {
    for (let u: usize = 0; u < 32; u += 16) {
      const k = at + u;
      const difference = f32x4.abs(f32x4.sub(v128.load(from + u), v128.load(target + k)));
      const weight = f32x4.div(one, f32x4.max(one, difference));
      v128.store(sumX + k, f32x4.add(v128.load(sumX + k), f32x4.mul(weight, x)));
      v128.store(sumY + k, f32x4.add(v128.load(sumY + k), f32x4.mul(weight, y)));
      v128.store(weights + k, f32x4.add(v128.load(weights + k), weight));
    }
  }
}

/** The sum of a vector's lanes. */
// @ts-ignore: decorator
@inline
function lanes(v: v128): f32 {
  return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}
