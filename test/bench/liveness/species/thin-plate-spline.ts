/** Pixels of the output between the points at which a spline is evaluated; between them it is bilinear. */
const cell = 8;

/** Where each pixel of a picture is taken from: x, y pairs, row by row. */
export type SourceMap = Float32Array;

/**
 * The thin-plate spline (F. Bookstein, 1989) that takes points `to` to points `from` (x, y pairs in pixels), as a map of
 * a picture's pixels. `stiffness` bends it less; points that nearly coincide need some.
 */
export function thinPlateMap(
  from: Float64Array,
  to: Float64Array,
  width: number,
  height: number,
  stiffness = 1,
): SourceMap {
  const n = to.length / 2;
  const size = n + 3;
  const a = Array.from({ length: size }, () => new Float64Array(size + 2));
  for (let i = 0; i < n; i++) {
    const row = a[i] as Float64Array;
    const [x, y] = [to[2 * i] as number, to[2 * i + 1] as number];
    for (let k = 0; k < n; k++) row[k] = kernel((to[2 * k] as number) - x, (to[2 * k + 1] as number) - y);
    row[i] = (row[i] as number) + stiffness;
    row.set([1, x, y, (from[2 * i] as number) - x, (from[2 * i + 1] as number) - y], n);
    for (const [k, value] of [1, x, y].entries()) (a[n + k] as Float64Array)[i] = value;
  }
  const weights = eliminate(a, size);
  const columns = Math.ceil(width / cell) + 1;
  const rows = Math.ceil(height / cell) + 1;
  const nodes = new Float32Array(columns * rows * 2);
  for (let at = 0; at < columns * rows; at++) {
    const [x, y] = [(at % columns) * cell, Math.floor(at / columns) * cell];
    for (const axis of [0, 1] as const) {
      const w = weights[axis];
      let moved = (w[n] as number) + (w[n + 1] as number) * x + (w[n + 2] as number) * y;
      for (let k = 0; k < n; k++)
        moved += (w[k] as number) * kernel((to[2 * k] as number) - x, (to[2 * k + 1] as number) - y);
      nodes[2 * at + axis] = (axis === 0 ? x : y) + moved;
    }
  }
  return interpolated(nodes, columns, width, height);
}

function kernel(dx: number, dy: number): number {
  const squared = dx * dx + dy * dy;
  return squared < 1e-9 ? 0 : squared * Math.log(squared);
}

/** Gauss and Jordan with pivots; the two right sides stand behind the matrix. */
function eliminate(a: Float64Array[], size: number): readonly [Float64Array, Float64Array] {
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let i = column + 1; i < size; i++)
      if (Math.abs(a[i]?.[column] ?? 0) > Math.abs(a[pivot]?.[column] ?? 0)) pivot = i;
    [a[column], a[pivot]] = [a[pivot] as Float64Array, a[column] as Float64Array];
    const row = a[column] as Float64Array;
    for (let i = column + 1; i < size; i++) {
      const other = a[i] as Float64Array;
      const factor = (other[column] as number) / (row[column] as number);
      if (factor === 0) continue;
      for (let k = column; k < size + 2; k++) other[k] = (other[k] as number) - factor * (row[k] as number);
    }
  }
  const solution = [new Float64Array(size), new Float64Array(size)] as const;
  for (let i = size - 1; i >= 0; i--) {
    const row = a[i] as Float64Array;
    for (const [axis, x] of solution.entries()) {
      let sum = row[size + axis] as number;
      for (let k = i + 1; k < size; k++) sum -= (row[k] as number) * (x[k] as number);
      x[i] = sum / (row[i] as number);
    }
  }
  return solution;
}

function interpolated(nodes: Float32Array, columns: number, width: number, height: number): SourceMap {
  const map = new Float32Array(width * height * 2);
  for (let y = 0; y < height; y++) {
    const fy = (y % cell) / cell;
    for (let x = 0; x < width; x++) {
      const at = 2 * (Math.floor(y / cell) * columns + Math.floor(x / cell));
      const fx = (x % cell) / cell;
      for (let axis = 0; axis < 2; axis++) {
        const upper = (nodes[at + axis] as number) * (1 - fx) + (nodes[at + 2 + axis] as number) * fx;
        const below = at + 2 * columns + axis;
        const lower = (nodes[below] as number) * (1 - fx) + (nodes[below + 2] as number) * fx;
        map[2 * (y * width + x) + axis] = upper * (1 - fy) + lower * fy;
      }
    }
  }
  return map;
}
