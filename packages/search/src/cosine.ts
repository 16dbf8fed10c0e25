/**
 * The inner product in double precision, of float32 values: always summed in this order, so that equal inputs
 * give equal results wherever it is used.
 */
export function dot(a: Float32Array, b: Float32Array, atB = 0): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  const whole = a.length & ~3;
  for (let i = 0; i < whole; i += 4) {
    s0 += a[i]! * b[atB + i]!;
    s1 += a[i + 1]! * b[atB + i + 1]!;
    s2 += a[i + 2]! * b[atB + i + 2]!;
    s3 += a[i + 3]! * b[atB + i + 3]!;
  }
  for (let i = whole; i < a.length; i += 1) s0 += a[i]! * b[atB + i]!;
  return s0 + s1 + (s2 + s3);
}

/** Squared length of `length` values from `at` on, in the order of `dot`. */
export function squaredLength(a: Float32Array, at: number, length: number): number {
  const row = at === 0 && length === a.length ? a : a.subarray(at, at + length);
  return dot(row, row);
}

/**
 * The cosine from an inner product and both squared lengths: [-1, 1], 0 where either is zero, exactly 1 for
 * a vector with itself. Neither overflows nor underflows for float32 values of up to 1024 dimensions.
 */
export function cosineOf(inner: number, squaredA: number, squaredB: number): number {
  if (squaredA === 0 || squaredB === 0) return 0;
  return Math.max(-1, Math.min(1, inner / Math.sqrt(squaredA * squaredB)));
}

/** The cosine of two vectors in double precision: what every search answers, for brute-force checks. */
export function cosine(a: Float32Array, b: Float32Array): number {
  return cosineOf(dot(a, b), dot(a, a), dot(b, b));
}
