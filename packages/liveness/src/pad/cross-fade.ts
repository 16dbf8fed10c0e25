import { type FaceView, toPixel, toView, viewSide, viewSpan } from '../tracking/face-view.ts';
import type { FaceSignals } from '../tracking/signals.ts';
import { gaussianBlur } from './gaussian-blur.ts';
import { solve } from './polynomial-warp.ts';

/** A frame's upright picture of the face, and where in the frame it was taken. */
export interface PlacedView {
  readonly view: FaceView;
  readonly signals: Pick<FaceSignals, 'centreX' | 'centreY' | 'size' | 'roll'>;
}

const limits = {
  /** Spread of the blur before pictures are compared, in pixels of a view: what is finer is noise of cameras and coders. */
  blur: 0.8,
  /** Every second pixel of every second row is compared; part of them that must be seen in all three frames. */
  stride: 2,
  leastSeen: 0.3,
  /** Frames that are fitted: those that seem to have most of both pictures. */
  fitted: 3,
  /** Steps of a fit at most, and the least share of the error by which one must better it. */
  steps: 8,
  leastGain: 0.01,
  /** A sum counts where each picture has this share of it at least, and both together between these. */
  leastShare: 0.1,
  leastSum: 0.85,
  mostSum: 1.15,
} as const;

/**
 * How much better frames on the way between two others are explained as a sum of both than as either of them, [0, 1]: the squared
 * error of the best a · first + b · last + c over that of the better single one, the least of the frames. Each picture may be shifted
 * and turned, as cameras shake. A cross-fade leaves noise; a head that moves is seen on its way, never in two places at once. 1: no sum.
 */
export function crossFadeResidual(
  first: PlacedView,
  between: readonly PlacedView[],
  last: PlacedView,
): number {
  const rough = between
    .map((frame) => sharedPixels(frame, [first, last]))
    .filter(({ target }) => target.length >= limits.leastSeen * (viewSide / limits.stride) ** 2)
    .map((seen) => ({ seen, imbalance: imbalanceOf(compare(seen.target, seen.sources, unmoved(seen))) }));
  const likely = rough.toSorted((a, b) => a.imbalance - b.imbalance).slice(0, limits.fitted);
  return Math.min(1, ...likely.map(({ seen }) => residualOf(seen)));
}

const imbalanceOf = ({ shares: [a, b] }: Comparison) => Math.abs((a as number) - (b as number));

function residualOf({ target, sources }: SharedPixels): number {
  const { shares, error } = fitted({ target, sources });
  const [a, b] = shares as [number, number];
  if (Math.min(a, b) < limits.leastShare || a + b < limits.leastSum || a + b > limits.mostSum) return 1;
  const single = Math.min(...sources.map((source) => fitted({ target, sources: [source] }).error));
  return single > 0 ? error / single : 1;
}

/** A picture that is sampled. */
interface Source {
  readonly grey: Float32Array;
  /** Where each compared pixel lies in it while nothing shakes: x, y pairs in pixels. */
  readonly places: Float32Array;
}

interface SharedPixels {
  /** Less its mean. */
  readonly target: Float32Array;
  readonly sources: readonly Source[];
}

/** Pixels keep so far from a picture's edge, as fits move it. */
const margin = 3;

/** The pixels of one view that the others show too, by their places in the frame. */
function sharedPixels(between: PlacedView, others: readonly PlacedView[]): SharedPixels {
  const target = prepared(between.view);
  const pictures = others.map(({ view }) => prepared(view));
  const maps = others.map((other) => mapOf(between, other));
  const values: number[] = [];
  const places: number[][] = others.map(() => []);
  for (let row = 0; row < viewSide; row += limits.stride)
    for (let column = 0; column < viewSide; column += limits.stride) {
      const at = row * viewSide + column;
      if (target.isGap[at] === 1) continue;
      const there = maps.map((map) => map(toView(column, viewSide), toView(row, viewSide)));
      const isSeen = there.every(
        ([x, y], i) =>
          isInside(x) && isInside(y) && pictures[i]?.isGap[Math.round(y) * viewSide + Math.round(x)] === 0,
      );
      if (!isSeen) continue;
      values.push(target.grey[at] as number);
      for (const [i, [x, y]] of there.entries()) places[i]?.push(x, y);
    }
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    target: Float32Array.from(values, (value) => value - mean),
    sources: pictures.map(({ grey }, i) => ({ grey, places: Float32Array.from(places[i] ?? []) })),
  };
}

const isInside = (pixel: number) => pixel >= margin && pixel < viewSide - 1 - margin;

/** From a place in one view (−1..1) to pixels of another that was taken elsewhere in the frame. */
function mapOf({ signals: from }: PlacedView, { signals: to }: PlacedView) {
  const angle = ((from.roll - to.roll) * Math.PI) / 180;
  const scale = from.size / to.size;
  const [cos, sin] = [scale * Math.cos(angle), scale * Math.sin(angle)];
  const roll = (to.roll * Math.PI) / 180;
  const [dx, dy] = [from.centreX - to.centreX, from.centreY - to.centreY].map(
    (way) => (2 * way) / (to.size * viewSpan),
  ) as [number, number];
  const [tx, ty] = [Math.cos(roll) * dx + Math.sin(roll) * dy, Math.cos(roll) * dy - Math.sin(roll) * dx];
  return (x: number, y: number): readonly [number, number] => [
    toPixel(cos * x - sin * y + tx, viewSide),
    toPixel(sin * x + cos * y + ty, viewSide),
  ];
}

interface Prepared {
  readonly grey: Float32Array;
  /** 1 near what lies beyond the frame, where `plain` stands for what isn't seen. */
  readonly isGap: Uint8Array;
}
const plain = 128;
const known = new WeakMap<FaceView, Prepared>();

/** Blurred grey levels; kept, as a view is compared several times. */
function prepared(view: FaceView): Prepared {
  const found = known.get(view);
  if (found !== undefined) return found;
  const blurred = gaussianBlur(view.grey, limits.blur);
  const isGap = Uint8Array.from(blurred, (value) => (Number.isNaN(value) ? 1 : 0));
  const made = { grey: blurred.map((value) => (Number.isNaN(value) ? plain : value)), isGap };
  known.set(view, made);
  return made;
}

/** Shift (pixels) and turn (radians) of a picture, about the view's middle. */
type Pose = readonly [x: number, y: number, turn: number];
const poseParts = 3;
const middle = (viewSide - 1) / 2;
const unmoved = ({ sources }: Pick<SharedPixels, 'sources'>): Pose[] => sources.map(() => [0, 0, 0]);

/** The best sum of pictures, each with a pose of its own: steps of Gauss and Newton, shortened where they better nothing. */
function fitted(seen: SharedPixels): Comparison {
  let poses = unmoved(seen);
  let best = compare(seen.target, seen.sources, poses);
  for (let i = 0; i < limits.steps; i++) {
    const step = best.step();
    if (step === undefined) break;
    let gained = 0;
    for (const length of [1, 0.5, 0.25]) {
      const next = poses.map((pose, k): Pose => {
        const moved = (part: 0 | 1 | 2) => pose[part] + length * (step[poseParts * k + part] as number);
        return [moved(0), moved(1), moved(2)];
      });
      const tried = compare(seen.target, seen.sources, next);
      if (tried.error >= best.error) continue;
      gained = 1 - tried.error / best.error;
      [poses, best] = [next, tried];
      break;
    }
    if (gained < limits.leastGain) break;
  }
  return best;
}

interface Comparison {
  /** Mean squared error, grey levels. */
  readonly error: number;
  /** What each picture counts by. */
  readonly shares: readonly number[];
  /** By how much to change the poses' parts; undefined where the pixels don't tell. */
  step(): Float64Array | undefined;
}

/** The best weighted sum of pictures in given poses, and a constant. */
function compare(target: Float32Array, sources: readonly Source[], poses: readonly Pose[]): Comparison {
  const sampled = sources.map((source, k) => samplesOf(source, poses[k] as Pose));
  const shown = [...sampled.map(({ values }) => values), new Float32Array(target.length).fill(1)];
  const right = shown.map((column) => dot(column, target));
  const weights = solve(productsOf(shown), Float64Array.from(right)) ?? new Float64Array(shown.length);
  const explained = right.reduce((sum, value, i) => sum + value * (weights[i] as number), 0);
  return {
    error: Math.max(0, dot(target, target) - explained) / target.length,
    shares: [...weights.subarray(0, sources.length)],
    step: () => {
      const slopes = sampled.flatMap(({ changes }, k) =>
        changes.map((column) => ({ column, weight: weights[k] as number })),
      );
      const columns = [...slopes.map(({ column }) => column), ...shown];
      const scale = (i: number) => slopes[i]?.weight ?? 1;
      const unscaled = productsOf(columns);
      const products = unscaled.map(
        (product, at) => product * scale(Math.floor(at / columns.length)) * scale(at % columns.length),
      );
      // What is left has nothing in common with what is shown: the weights are the best.
      const left = columns.map((column, i) =>
        i >= slopes.length
          ? 0
          : scale(i) *
            (dot(column, target) -
              weights.reduce(
                (sum, weight, k) =>
                  sum + weight * (unscaled[i * columns.length + slopes.length + k] as number),
                0,
              )),
      );
      return solve(products, Float64Array.from(left))?.subarray(0, slopes.length);
    },
  };
}

/** A picture's values at the compared pixels, and how they change with each part of its pose; bilinear. */
function samplesOf({ grey, places }: Source, [shiftX, shiftY, turn]: Pose) {
  const n = places.length / 2;
  const [values, byX, byY, byTurn] = Array.from({ length: 4 }, () => new Float32Array(n)) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  for (let p = 0; p < n; p++) {
    const dx = (places[2 * p] as number) - middle;
    const dy = (places[2 * p + 1] as number) - middle;
    const x = kept(middle + dx - turn * dy + shiftX);
    const y = kept(middle + dy + turn * dx + shiftY);
    const left = Math.floor(x);
    const top = Math.floor(y);
    const at = top * viewSide + left;
    const upper = grey[at] as number;
    const lower = grey[at + viewSide] as number;
    const upperSlope = (grey[at + 1] as number) - upper;
    const lowerSlope = (grey[at + viewSide + 1] as number) - lower;
    const above = upper + (x - left) * upperSlope;
    const below = lower + (x - left) * lowerSlope;
    const slopeX = upperSlope + (y - top) * (lowerSlope - upperSlope);
    values[p] = above + (y - top) * (below - above);
    byX[p] = slopeX;
    byY[p] = below - above;
    byTurn[p] = dx * (below - above) - dy * slopeX;
  }
  return { values, changes: [byX, byY, byTurn] as const };
}

const kept = (pixel: number) => Math.max(0, Math.min(viewSide - 1.001, pixel));

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let p = 0; p < a.length; p++) sum += (a[p] as number) * (b[p] as number);
  return sum;
}

/** Each column's products with each; a little is added to its own, so that columns without contrast stay solvable. */
function productsOf(columns: readonly Float32Array[]): Float64Array {
  const size = columns.length;
  const products = new Float64Array(size * size);
  for (const [i, a] of columns.entries()) {
    for (let k = 0; k <= i; k++) {
      const product = dot(a, columns[k] as Float32Array);
      products[i * size + k] = product;
      products[k * size + i] = product;
    }
    products[i * size + i] = (products[i * size + i] as number) * (1 + 1e-6) + 1e-6;
  }
  return products;
}
