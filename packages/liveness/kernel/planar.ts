// Sums over the pixels of two pictures that a polynomial and the depth bring together (src/pad/image-registration.ts), in doubles.

/** Bytes of what is kept of a pixel: its number, then the target's value, the warped picture's, and its slopes, as doubles. */
const entry: usize = 40;

/**
 * Compares a picture, warped, with another, both square of `side` floats, at `count` pixels (their numbers, 16 bits each). A pixel's terms are
 * `terms` doubles at `bases`, its depth one at `depth` (0: none); `warp` has the pairs (x, y) of each term's coefficients, then the depth's.
 * `seen` takes what corresponds. Returns how many do; `out` takes how many could, then the sums a, b, aa, bb, ab of their values, as doubles.
 */
export function compare(
  from: usize, to: usize, side: i32, pixels: usize, count: i32, bases: usize, terms: i32, depth: usize, warp: usize, seen: usize, out: usize,
): i32 {
  const half = <f64>side / 2;
  const last = <f64>(side - 2);
  const warpEnd = warp + (<usize>terms << 4);
  let counts = 0;
  let n = 0;
  let sumA: f64 = 0;
  let sumB: f64 = 0;
  let sumAA: f64 = 0;
  let sumBB: f64 = 0;
  let sumAB: f64 = 0;
  for (let p = 0; p < count; p++, pixels += 2) {
    const b = <f64>load<f32>(to + (<usize>load<u16>(pixels) << 2));
    if (b != b) continue;
    counts++;
    let at = bases + (<usize>(p * terms) << 3);
    let place = depth == 0 ? f64x2.splat(0) : f64x2.mul(v128.load(warpEnd), v128.load64_splat(depth + (<usize>p << 3)));
    for (let w = warp; w < warpEnd; w += 16, at += 8)
      place = f64x2.add(place, f64x2.mul(v128.load(w), v128.load64_splat(at)));
    const x = ((f64x2.extract_lane(place, 0) + 1) * (half * 2)) / 2 - 0.5;
    const y = ((f64x2.extract_lane(place, 1) + 1) * (half * 2)) / 2 - 0.5;
    if (!(x >= 1 && y >= 1 && x < last && y < last)) continue;
    const a = sampled(from, side, x, y);
    // Central differences over two pixels, in units of the coordinates.
    const dx = ((sampled(from, side, x + 1, y) - sampled(from, side, x - 1, y)) * (half * 2)) / 4;
    const dy = ((sampled(from, side, x, y + 1) - sampled(from, side, x, y - 1)) * (half * 2)) / 4;
    const all = a + dx + dy;
    if (all != all) continue;
    store<i32>(seen, p);
    store<f64>(seen, b, 8);
    store<f64>(seen, a, 16);
    store<f64>(seen, dx, 24);
    store<f64>(seen, dy, 32);
    seen += entry;
    n++;
    sumA += a;
    sumB += b;
    sumAA += a * a;
    sumBB += b * b;
    sumAB += a * b;
  }
  store<f64>(out, <f64>counts);
  store<f64>(out, sumA, 8);
  store<f64>(out, sumB, 16);
  store<f64>(out, sumAA, 24);
  store<f64>(out, sumBB, 32);
  store<f64>(out, sumAB, 40);
  return n;
}

// @ts-ignore: decorator
@inline
function sampled(picture: usize, side: i32, x: f64, y: f64): f64 {
  const left = floor(x);
  const top = floor(y);
  const fx = x - left;
  const fy = y - top;
  const at = picture + (<usize>(<i32>top * side + <i32>left) << 2);
  const below = at + (<usize>side << 2);
  const upper = <f64>load<f32>(at) * (1 - fx) + <f64>load<f32>(at, 4) * fx;
  const lower = <f64>load<f32>(below) * (1 - fx) + <f64>load<f32>(below, 4) * fx;
  return upper * (1 - fy) + lower * fy;
}

/**
 * What a step's normal equations are made of, over the `n` pixels at `seen`: gx and gy are the slopes times `gain`, the error is what is left of
 * the target. `products` has pairs of doubles, two different products of terms at each of `count` pixels, for `pairs` pairs. `out` takes, as
 * doubles: for each product the sums (gx², gx·gy, gy²)·product; for each term, then the depth where there is one, (gx, gy)·value·error; and
 * for each of these, where there is a depth, (gx², gx·gy, gy²)·value·depth. `room` is for 64 bytes a pixel.
 */
export function normal(
  seen: usize, n: i32, gain: f64, meanFrom: f64, meanTo: f64,
  bases: usize, terms: i32, products: usize, pairs: i32, count: i32, depth: usize, room: usize, out: usize,
): void {
  const slopes = room;
  const squares = slopes + (<usize>n << 4);
  const others = squares + (<usize>n << 4);
  const errors = others + (<usize>n << 4);
  const gains = f64x2.splat(gain);
  for (let q: usize = 0; q < <usize>n; q++, seen += entry) {
    const g = f64x2.mul(gains, v128.load(seen + 24));
    const gx = f64x2.extract_lane(g, 0);
    const gy = f64x2.extract_lane(g, 1);
    v128.store(slopes + (q << 4), g);
    v128.store(squares + (q << 4), f64x2.mul(g, f64x2.splat(gx)));
    store<f64>(others + (q << 4), gy * gy);
    store<i32>(others + (q << 4), load<i32>(seen), 8);
    store<f64>(errors + (q << 3), load<f64>(seen, 8) - meanTo - gain * (load<f64>(seen, 16) - meanFrom));
  }
  for (let i = 0; i < pairs; i++, products += <usize>count << 4, out += 48) {
    let first = f64x2.splat(0);
    let second = f64x2.splat(0);
    let both = f64x2.splat(0);
    for (let q: usize = 0; q < <usize>n << 4; q += 16) {
      const product = v128.load(products + (<usize>load<i32>(others + q, 8) << 4));
      const square = v128.load(squares + q);
      first = f64x2.add(first, f64x2.mul(square, v128.shuffle<f64>(product, product, 0, 0)));
      second = f64x2.add(second, f64x2.mul(square, v128.shuffle<f64>(product, product, 1, 1)));
      both = f64x2.add(both, f64x2.mul(v128.load64_splat(others + q), product));
    }
    v128.store(out, first);
    store<f64>(out, f64x2.extract_lane(both, 0), 16);
    store<f64>(out, f64x2.extract_lane(second, 0), 24);
    store<f64>(out, f64x2.extract_lane(second, 1), 32);
    store<f64>(out, f64x2.extract_lane(both, 1), 40);
  }
  const used = depth == 0 ? terms : terms + 1;
  for (let i = 0; i < used; i++, out += 16) {
    let right = f64x2.splat(0);
    for (let q: usize = 0; q < <usize>n; q++) {
      const p = load<i32>(others + (q << 4), 8);
      const value = load<f64>(i < terms ? bases + (<usize>(p * terms + i) << 3) : depth + (<usize>p << 3));
      right = f64x2.add(right, f64x2.mul(f64x2.mul(v128.load(slopes + (q << 4)), f64x2.splat(value)), v128.load64_splat(errors + (q << 3))));
    }
    v128.store(out, right);
  }
  for (let i = 0; depth != 0 && i < used; i++, out += 24) {
    let square = f64x2.splat(0);
    let other: f64 = 0;
    for (let q: usize = 0; q < <usize>n << 4; q += 16) {
      const p = load<i32>(others + q, 8);
      const rugged = load<f64>(depth + (<usize>p << 3));
      const product = (i < terms ? load<f64>(bases + (<usize>(p * terms + i) << 3)) : rugged) * rugged;
      square = f64x2.add(square, f64x2.mul(v128.load(squares + q), f64x2.splat(product)));
      other += load<f64>(others + q) * product;
    }
    v128.store(out, square);
    store<f64>(out, other, 16);
  }
}
