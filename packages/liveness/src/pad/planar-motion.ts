import { contours } from '@openfrs/vision/pipeline';
import { type FaceView, halved, sampled, toPixel, toView, viewSide } from '../tracking/face-view.ts';
import { type Registration, register } from './image-registration.ts';
import { type Pair, type Patch, registrationSide } from './planar-kernel.ts';
import {
  applyPlanar,
  depthResidual,
  identityWarp,
  parallax,
  warpFromPoints,
  withParallax,
} from './planar-warp.ts';
import { grown, ringOf, spansOf } from './polygon.ts';

/** One view as the best picture of another that a flat thing could make of it. */
export interface PlanarMotion {
  readonly fit: Registration;
  readonly pair: Pair;
  /** The views themselves, the first as it was. */
  readonly views: readonly [FaceView, FaceView];
}

/** What of a face is looked at: all, or what is above a surgical mask. */
export type FacePart = 'face' | 'upper face';

/** The upper face: from the top of the forehead to the cheekbones and the ridge of the nose. */
const upperFace = [
  ...[10, 338, 297, 332, 284, 251, 389, 356, 454, 352, 280],
  ...[195, 50, 123, 234, 127, 162, 21, 54, 103, 67, 109],
];

/**
 * One view warped onto the other by the best cubic map of the plane: any move, tilt or smooth bend of a flat picture
 * is close to one. Started where the landmarks say, and where nothing moves. What a living head leaves over by which
 * it differs: `fit.mismatch`.
 */
export function fitPlanarMotion(from: FaceView, to: FaceView, part: FacePart = 'face'): PlanarMotion {
  const pair = { from: patchOf(from, part), to: patchOf(to, part) };
  const fits = [warpFromPoints(to.points, from.points), identityWarp].map((start) => register(pair, start));
  return { pair, fit: best(fits), views: [from, to] };
}

const patches = { face: new WeakMap<FaceView, Patch>(), 'upper face': new WeakMap<FaceView, Patch>() };

/** The face of a view, a little within its outline: what lies behind moves on its own. */
function patchOf(view: FaceView, part: FacePart): Patch {
  const known = patches[part].get(view);
  if (known !== undefined) return known;
  const whole = halved(view.grey, viewSide);
  const patch = new Float32Array(whole.length).fill(Number.NaN);
  const ring = part === 'face' ? contours.face[0] : upperFace;
  const outline = grown(ringOf(view, ring, registrationSide), kept);
  for (const { y, from, to } of spansOf(outline, registrationSide, registrationSide)) {
    const row = y * registrationSide;
    patch.set(whole.subarray(row + from, row + to + 1), row + from);
  }
  patches[part].set(view, patch);
  return patch;
}

const kept = 0.95;

const best = (fits: readonly Registration[]): Registration =>
  fits.reduce((a, b) => (b.mismatch < a.mismatch ? b : a));

/**
 * By how much things move with their depth between two views, beyond what any smooth bend explains: near −sin of a turn to the subject's
 * left, one to two times the sine of a nod; 0 for anything flat or bent. Depths are the mesh's; whether pixels move so is measured, from
 * what is expected and from nothing, as the fit finds the nearest answer.
 */
export function estimateParallax(
  from: FaceView,
  to: FaceView,
  flat: PlanarMotion,
  expected: readonly [number, number],
): readonly [number, number] {
  const pair = { ...flat.pair, depth: depthResidual(depthOf(to)) };
  const starts = [
    flat.fit.warp,
    withParallax(flat.fit.warp, expected),
    withParallax(warpFromPoints(to.points, from.points), expected),
  ];
  return parallax(best(starts.map((start) => register(pair, start))).warp);
}

/** How far a landmark's depth reaches, in the view's unit. */
const reach = 0.07;

/** The depth around the landmarks: their mean, the nearer ones counting more. */
function depthOf({ points, depths }: FaceView): (x: number, y: number) => number {
  return (x, y) => {
    let sum = 0;
    let weights = 1e-9;
    for (let i = 0; i < depths.length; i++) {
      const dx = (points[2 * i] as number) - x;
      const dy = (points[2 * i + 1] as number) - y;
      const far = (dx * dx + dy * dy) / (2 * reach * reach);
      if (far > 12) continue;
      const weight = Math.exp(-far);
      sum += weight * (depths[i] as number);
      weights += weight;
    }
    return sum / weights;
  };
}

/**
 * How much of what `to` shows within rings of landmarks (the open mouth, the open eyes) is not in `from`, however
 * that is moved and bent: squared difference a pixel over the face's variance. Under .03 for pictures; a mouth that
 * opens uncovers .2 and more.
 */
export function disoccluded(
  from: FaceView,
  to: FaceView,
  { fit }: PlanarMotion,
  rings: readonly (readonly number[])[],
): number {
  let sum = 0;
  let count = 0;
  for (const ring of rings) {
    for (const { y, from: first, to: last } of spansOf(ringOf(to, ring, viewSide), viewSide, viewSide)) {
      for (let column = first; column <= last; column++) {
        const [u, v] = applyPlanar(fit.warp, toView(column, viewSide), toView(y, viewSide)).map((value) =>
          toPixel(value, viewSide),
        ) as [number, number];
        if (!(u >= 0 && v >= 0 && u < viewSide - 1 && v < viewSide - 1)) continue;
        const expected = fit.meanTo + fit.gain * (sampled(from.grey, viewSide, u, v) - fit.meanFrom);
        const error = (to.grey[y * viewSide + column] ?? 0) - expected;
        if (Number.isNaN(error)) continue;
        sum += error * error;
        count += 1;
      }
    }
  }
  return count === 0 || !(fit.variance > 0) ? 0 : sum / count / fit.variance;
}

/** How much beside the rings, lips' or lids' surroundings included, the best flat movement leaves unexplained, [0, 1]. */
export function residualOutside(
  { pair, fit, views }: PlanarMotion,
  rings: readonly (readonly number[])[],
): number {
  const without = (patch: Patch, view: FaceView): Patch => {
    const left = patch.slice();
    for (const ring of rings) {
      const area = grown(ringOf(view, ring, registrationSide), surroundings);
      for (const { y, from, to } of spansOf(area, registrationSide, registrationSide))
        left.fill(Number.NaN, y * registrationSide + from, y * registrationSide + to + 1);
    }
    return left;
  };
  const [from, to] = views;
  const rest = { from: without(pair.from, from), to: without(pair.to, to) };
  return register(rest, fit.warp).mismatch;
}

/** By how much lips and lids move what is around them. */
const surroundings = 1.6;
