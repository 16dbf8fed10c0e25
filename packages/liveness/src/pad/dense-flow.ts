import { halved } from '../tracking/face-view.ts';

/** Side of a patch in pixels, and from one to the next. */
const patchSide = 8;
const stride = 4;
const patchPixels = patchSide * patchSide;
/** How often a patch is moved at most. */
const steps = 12;
/** Pixels a patch may leave its start by; farther it has lost its way. */
const farthest = patchSide;
/** Added to a patch's squared gradients (grey levels), so that a plain one stays where it is. */
const damping = 8;
/** A step that betters the fit by less, in parts of the error, is the last. */
const leastGain = 0.005;

/** Displacements in pixels: of x, of y, one a pixel. */
export interface FlowField {
  readonly x: Float32Array;
  readonly y: Float32Array;
}

/**
 * Dense inverse search (T. Kroeger et al., ECCV 2016) without variational refinement, over a pyramid of two levels:
 * where each pixel of `target` is found in `source`, both square of `side` pixels. Patches are compared without their
 * means. Only what `counts` (1 or 0 a pixel) is followed; elsewhere the flow is what overlapping patches say, or 0.
 */
export function denseFlow(
  source: Float32Array,
  target: Float32Array,
  counts: Uint8Array,
  side: number,
): FlowField {
  const half = side / 2;
  const coarse = searched(
    halved(source, side),
    halved(target, side),
    shrunkMask(counts, side),
    half,
    undefined,
  );
  return searched(source, target, counts, side, enlarged(coarse, half));
}

function searched(
  source: Float32Array,
  target: Float32Array,
  counts: Uint8Array,
  side: number,
  start: FlowField | undefined,
): FlowField {
  const flow = new Densified(source, target, side);
  const search = new PatchSearch(source, target, side);
  for (let top = 1; top + patchSide < side; top += stride) {
    for (let left = 1; left + patchSide < side; left += stride) {
      const middle = (top + patchSide / 2) * side + left + patchSide / 2;
      if (counts[middle] === 0) continue;
      search.find(
        left,
        top,
        start === undefined ? 0 : (start.x[middle] as number),
        start === undefined ? 0 : (start.y[middle] as number),
      );
      flow.add(left, top, search.x, search.y);
    }
  }
  return flow.field();
}

/** Where one patch of the target is in the source: inverse compositional Lucas-Kanade of a displacement. */
class PatchSearch {
  /** What was found last. */
  x = 0;
  y = 0;
  readonly #gradientX = new Float32Array(patchPixels);
  readonly #gradientY = new Float32Array(patchPixels);
  readonly #difference = new Float32Array(patchPixels);
  #xx = 0;
  #xy = 0;
  #yy = 0;

  readonly #source: Float32Array;
  readonly #target: Float32Array;
  readonly #side: number;

  constructor(source: Float32Array, target: Float32Array, side: number) {
    this.#source = source;
    this.#target = target;
    this.#side = side;
  }

  find(left: number, top: number, x0: number, y0: number): void {
    this.#measureGradients(left, top);
    const determinant = this.#xx * this.#yy - this.#xy * this.#xy;
    let [x, y] = [x0, y0];
    this.x = x0;
    this.y = y0;
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i <= steps; i++) {
      const mean = this.#compare(left, top, x, y);
      let [bx, by, error] = [0, 0, 0];
      for (let k = 0; k < patchPixels; k++) {
        const d = (this.#difference[k] as number) - mean;
        bx += d * (this.#gradientX[k] as number);
        by += d * (this.#gradientY[k] as number);
        error += d * d;
      }
      if (error >= least) return;
      this.x = x;
      this.y = y;
      if (least - error < leastGain * error) return;
      least = error;
      x -= (this.#yy * bx - this.#xy * by) / determinant;
      y -= (this.#xx * by - this.#xy * bx) / determinant;
      if (Math.abs(x - x0) > farthest || Math.abs(y - y0) > farthest) return;
    }
  }

  /** The patch's gradients and their products, all without means, as patches are compared. */
  #measureGradients(left: number, top: number): void {
    const [target, side] = [this.#target, this.#side];
    let [xx, xy, yy, gx, gy] = [0, 0, 0, 0, 0];
    for (let v = 0, k = 0; v < patchSide; v++) {
      let at = (top + v) * side + left;
      for (let u = 0; u < patchSide; u++, k++, at++) {
        const dx = ((target[at + 1] as number) - (target[at - 1] as number)) / 2;
        const dy = ((target[at + side] as number) - (target[at - side] as number)) / 2;
        this.#gradientX[k] = dx;
        this.#gradientY[k] = dy;
        gx += dx;
        gy += dy;
        xx += dx * dx;
        xy += dx * dy;
        yy += dy * dy;
      }
    }
    this.#xx = xx - (gx * gx) / patchPixels + damping;
    this.#xy = xy - (gx * gy) / patchPixels;
    this.#yy = yy - (gy * gy) / patchPixels + damping;
  }

  /** Source, displaced, less target; the mean of it. One displacement for the patch: its four weights are the same. */
  #compare(left: number, top: number, x: number, y: number): number {
    const [source, target, side] = [this.#source, this.#target, this.#side];
    const last = side - patchSide - 1.001;
    const px = Math.max(0, Math.min(last, left + x));
    const py = Math.max(0, Math.min(last, top + y));
    const [column, row] = [Math.floor(px), Math.floor(py)];
    const [fx, fy] = [px - column, py - row];
    const [a, b, c, d] = [(1 - fx) * (1 - fy), fx * (1 - fy), (1 - fx) * fy, fx * fy];
    let sum = 0;
    for (let v = 0, k = 0; v < patchSide; v++) {
      let from = (row + v) * side + column;
      let at = (top + v) * side + left;
      for (let u = 0; u < patchSide; u++, k++, from++, at++) {
        const value =
          a * (source[from] as number) +
          b * (source[from + 1] as number) +
          c * (source[from + side] as number) +
          d * (source[from + side + 1] as number) -
          (target[at] as number);
        this.#difference[k] = value;
        sum += value;
      }
    }
    return sum / patchPixels;
  }
}

/** Each pixel's flow: the mean of its patches', the better a patch fits there the more. */
class Densified {
  readonly #x: Float32Array;
  readonly #y: Float32Array;
  readonly #weights: Float32Array;

  readonly #source: Float32Array;
  readonly #target: Float32Array;
  readonly #side: number;

  constructor(source: Float32Array, target: Float32Array, side: number) {
    this.#source = source;
    this.#target = target;
    this.#side = side;
    this.#x = new Float32Array(side * side);
    this.#y = new Float32Array(side * side);
    this.#weights = new Float32Array(side * side).fill(1e-6);
  }

  add(left: number, top: number, x: number, y: number): void {
    const [source, target, side] = [this.#source, this.#target, this.#side];
    const last = side - patchSide - 1.001;
    const column = Math.round(Math.max(0, Math.min(last, left + x)));
    const row = Math.round(Math.max(0, Math.min(last, top + y)));
    for (let v = 0; v < patchSide; v++) {
      let from = (row + v) * side + column;
      let at = (top + v) * side + left;
      for (let u = 0; u < patchSide; u++, from++, at++) {
        const weight = 1 / Math.max(1, Math.abs((source[from] as number) - (target[at] as number)));
        this.#x[at] = (this.#x[at] as number) + weight * x;
        this.#y[at] = (this.#y[at] as number) + weight * y;
        this.#weights[at] = (this.#weights[at] as number) + weight;
      }
    }
  }

  field(): FlowField {
    const mean = (sums: Float32Array) => sums.map((sum, at) => sum / (this.#weights[at] as number));
    return { x: mean(this.#x), y: mean(this.#y) };
  }
}

function shrunkMask(counts: Uint8Array, side: number): Uint8Array {
  const half = side / 2;
  const small = new Uint8Array(half * half);
  for (let at = 0; at < small.length; at++)
    small[at] = counts[2 * Math.floor(at / half) * side + 2 * (at % half)] as number;
  return small;
}

function enlarged({ x, y }: FlowField, half: number): FlowField {
  const side = 2 * half;
  const twice = (values: Float32Array) => {
    const large = new Float32Array(side * side);
    for (let at = 0; at < large.length; at++)
      large[at] = 2 * (values[(Math.floor(at / side) >> 1) * half + ((at % side) >> 1)] as number);
    return large;
  };
  return { x: twice(x), y: twice(y) };
}
