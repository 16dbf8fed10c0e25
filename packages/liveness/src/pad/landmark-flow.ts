import type { FlowField } from './dense-flow.ts';

/** Nodes of the map a side; a landmark's reach in parts of the side; the weight at which it is believed by half. */
const nodes = 13;
const reach = 0.06;
const doubt = 0.3;
/** Landmarks farther from a node than so many reaches say nothing there. */
const farthest = 3;

/**
 * By how much each pixel of a square picture moves where its landmarks (x, y pairs in pixels) go from `from` to `to`:
 * the least-squares affine map, and around each landmark what that leaves, by Gaussian weights on a grid of nodes.
 */
export function landmarkFlow(from: Float32Array, to: Float32Array, side: number): FlowField {
  const affine = [affineFit(from, to, 0), affineFit(from, to, 1)] as const;
  const step = (side - 1) / (nodes - 1);
  const spread = 2 * (reach * side) ** 2;
  const around = Math.floor((farthest * reach * side) / step);
  const sums = [new Float32Array(nodes * nodes), new Float32Array(nodes * nodes)] as const;
  const weights = new Float32Array(nodes * nodes).fill(doubt);
  const [[cx, ax, bx], [cy, ay, by]] = affine;
  const across = new Float64Array(nodes);
  for (let i = 0; i < from.length; i += 2) {
    const [x, y] = [from[i] as number, from[i + 1] as number];
    const leftX = (to[i] as number) - cx - ax * x - bx * y;
    const leftY = (to[i + 1] as number) - cy - ay * x - by * y;
    const [column, row] = [Math.round(x / step), Math.round(y / step)];
    const [first, last] = [Math.max(0, column - around), Math.min(nodes - 1, column + around)];
    for (let u = first; u <= last; u++) across[u] = Math.exp(-((u * step - x) ** 2) / spread);
    for (let v = Math.max(0, row - around); v <= Math.min(nodes - 1, row + around); v++) {
      const down = Math.exp(-((v * step - y) ** 2) / spread);
      for (let u = first; u <= last; u++) {
        const node = v * nodes + u;
        const weight = down * (across[u] as number);
        weights[node] = (weights[node] as number) + weight;
        sums[0][node] = (sums[0][node] as number) + weight * leftX;
        sums[1][node] = (sums[1][node] as number) + weight * leftY;
      }
    }
  }
  const grids = affine.map(([c, a, b], axis) =>
    (sums[axis as 0 | 1] as Float32Array).map((sum, node) => {
      const [x, y] = [(node % nodes) * step, Math.floor(node / nodes) * step];
      return c + a * x + b * y - (axis === 0 ? x : y) + sum / (weights[node] as number);
    }),
  ) as [Float32Array, Float32Array];
  return { x: betweenNodes(grids[0], side, step), y: betweenNodes(grids[1], side, step) };
}

function betweenNodes(grid: Float32Array, side: number, step: number): Float32Array {
  const field = new Float32Array(side * side);
  for (let row = 0, at = 0; row < side; row++) {
    const v = row / step;
    const top = Math.min(nodes - 2, Math.floor(v));
    for (let column = 0; column < side; column++, at++) {
      const u = column / step;
      const left = Math.min(nodes - 2, Math.floor(u));
      const [fx, fy, k] = [u - left, v - top, top * nodes + left];
      const upper = (grid[k] as number) * (1 - fx) + (grid[k + 1] as number) * fx;
      const lower = (grid[k + nodes] as number) * (1 - fx) + (grid[k + nodes + 1] as number) * fx;
      field[at] = upper * (1 - fy) + lower * fy;
    }
  }
  return field;
}

/** Least squares of one coordinate of `to` on 1, x, y of `from`, from means and covariances. */
function affineFit(from: Float32Array, to: Float32Array, axis: 0 | 1): readonly [number, number, number] {
  const n = from.length / 2;
  let [mx, my, mt] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    mx += (from[2 * i] as number) / n;
    my += (from[2 * i + 1] as number) / n;
    mt += (to[2 * i + axis] as number) / n;
  }
  let [xx, xy, yy, xt, yt] = [1e-6, 0, 1e-6, 0, 0];
  for (let i = 0; i < n; i++) {
    const [x, y] = [(from[2 * i] as number) - mx, (from[2 * i + 1] as number) - my];
    const t = (to[2 * i + axis] as number) - mt;
    xx += x * x;
    xy += x * y;
    yy += y * y;
    xt += x * t;
    yt += y * t;
  }
  const determinant = xx * yy - xy * xy;
  const [a, b] = [(yy * xt - xy * yt) / determinant, (xx * yt - xy * xt) / determinant];
  return [mt - a * mx - b * my, a, b];
}
