/** Nodes of the grids, a side. */
export const gridNodes = 13;
const nodes = gridNodes;
/** A landmark's reach in parts of the side; the weight at which it is believed by half. */
const reach = 0.06;
const doubt = 0.3;
/** Landmarks farther from a node than so many reaches say nothing there. */
const farthest = 3;

/**
 * By how much the nodes of a grid over a square picture of `side` pixels move where its landmarks (x, y pairs in pixels) go from `from` to
 * `to`: the least-squares affine map, and around each landmark what that leaves, by Gaussian weights. Between the nodes: bilinear.
 */
export function landmarkGrids(
  from: Float32Array,
  to: Float32Array,
  side: number,
): { readonly x: Float32Array; readonly y: Float32Array } {
  const affine = [affineFit(from, to, 0), affineFit(from, to, 1)] as const;
  const step = (side - 1) / (nodes - 1);
  const spread = 2 * (reach * side) ** 2;
  const around = Math.floor((farthest * reach * side) / step);
  const [sumX, sumY] = [new Float32Array(nodes * nodes), new Float32Array(nodes * nodes)];
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
        sumX[node] = (sumX[node] as number) + weight * leftX;
        sumY[node] = (sumY[node] as number) + weight * leftY;
      }
    }
  }
  const at = (sum: Float32Array, [c, a, b]: readonly [number, number, number], own: 0 | 1) =>
    sum.map((value, node) => {
      const [x, y] = [(node % nodes) * step, Math.floor(node / nodes) * step];
      return c + a * x + b * y - (own === 0 ? x : y) + value / (weights[node] as number);
    });
  return { x: at(sumX, affine[0], 0), y: at(sumY, affine[1], 1) };
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
