const degree = 3;

/** Exponents of 1, x, y and their products up to a degree. */
const powersUpTo = (most: number): readonly (readonly [number, number])[] =>
  Array.from({ length: most + 1 }, (_, sum) =>
    Array.from({ length: sum + 1 }, (_, y) => [sum - y, y] as const),
  ).flat();
const powers = powersUpTo(degree);
/** A product of two terms is a term of twice the degree: there are half as many as pairs. */
const productPowers = powersUpTo(2 * degree);

/** Coefficients of one coordinate. */
export const terms = powers.length;
/** Different products of two terms. */
export const products = productPowers.length;

function valuesAt(some: typeof powers, x: number, y: number): number[] {
  const most = degreeOf(some);
  const [ofX, ofY] = [powersOf(x, most), powersOf(y, most)];
  return some.map(([i, k]) => (ofX[i] as number) * (ofY[k] as number));
}
const degreeOf = (some: typeof powers) => some.at(-1)?.[1] ?? 0;
const powersOf = (value: number, most: number) => Array.from({ length: most + 1 }, (_, i) => value ** i);

/** The values of the terms at a point. */
export const basisAt = (x: number, y: number): number[] => valuesAt(powers, x, y);

/** The same without a new array, each term the product of one of a degree less and a coordinate. */
export function basisInto(basis: Float64Array, x: number, y: number): void {
  basis[0] = 1;
  for (let degree = 1, at = 1; at < terms; degree++) {
    const before = at - degree;
    for (let i = 0; i < degree; i++) basis[at + i] = (basis[before + i] as number) * x;
    basis[at + degree] = (basis[at - 1] as number) * y;
    at += degree + 1;
  }
}

/** The values at a point of what terms multiply to. */
export const productsAt = (x: number, y: number): number[] => valuesAt(productPowers, x, y);

/** Which product two terms multiply to. */
export function productOf(first: number, second: number): number {
  const [[i = 0, k = 0] = [], [m = 0, n = 0] = []] = [powers[first], powers[second]];
  return productPowers.findIndex(([x, y]) => x === i + m && y === k + n);
}

/**
 * A map of the plane whose both coordinates are polynomials: coefficients of x, then of y, one a term. This one
 * moves nothing.
 */
export const identity = Float64Array.from({ length: 2 * terms }, (_, i) =>
  i === 1 || i === terms + 2 ? 1 : 0,
);

/** The map that takes points (x, y pairs) nearest to others, by least squares. */
export function polynomialFit(from: Float32Array, to: Float32Array): Float64Array {
  const normal = new Float64Array(terms * terms);
  const [rightX, rightY] = [new Float64Array(terms), new Float64Array(terms)];
  const basis = new Float64Array(terms);
  for (let p = 0; p + 1 < from.length; p += 2) {
    basisInto(basis, from[p] as number, from[p + 1] as number);
    const [x, y] = [to[p] as number, to[p + 1] as number];
    for (let i = 0; i < terms; i++) {
      const value = basis[i] as number;
      rightX[i] = (rightX[i] as number) + value * x;
      rightY[i] = (rightY[i] as number) + value * y;
      for (let k = 0, at = i * terms; k <= i; k++, at++)
        normal[at] = (normal[at] as number) + value * (basis[k] as number);
    }
  }
  for (let i = 0; i < terms; i++)
    for (let k = 0; k < i; k++) normal[k * terms + i] = normal[i * terms + k] as number;
  const [x, y] = [solve(normal, rightX), solve(normal, rightY)];
  if (x === undefined || y === undefined) return identity;
  return Float64Array.from([...x, ...y]);
}

/** Solves a symmetric positive system by Gaussian elimination with pivots; undefined when it is singular. */
export function solve(matrix: Float64Array, right: Float64Array): Float64Array | undefined {
  const n = right.length;
  const a = Float64Array.from(matrix);
  const b = Float64Array.from(right);
  const get = (i: number, k: number) => a[i * n + k] as number;
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let i = column + 1; i < n; i++)
      if (Math.abs(get(i, column)) > Math.abs(get(pivot, column))) pivot = i;
    if (Math.abs(get(pivot, column)) < 1e-12) return undefined;
    for (let k = 0; k < n; k++) {
      const swap = get(column, k);
      a[column * n + k] = get(pivot, k);
      a[pivot * n + k] = swap;
    }
    const swap = b[column] ?? 0;
    b[column] = b[pivot] ?? 0;
    b[pivot] = swap;
    for (let i = column + 1; i < n; i++) {
      const factor = get(i, column) / get(column, column);
      for (let k = column, to = i * n + k, from = column * n + k; k < n; k++, to++, from++)
        a[to] = (a[to] as number) - factor * (a[from] as number);
      b[i] = (b[i] ?? 0) - factor * (b[column] ?? 0);
    }
  }
  const x = new Float64Array(n);
  for (let i = n - 1; i >= 0; i--) {
    let sum = b[i] ?? 0;
    for (let k = i + 1; k < n; k++) sum -= get(i, k) * (x[k] ?? 0);
    x[i] = sum / get(i, i);
  }
  return x;
}
