import { contours } from '@openfrs/vision/pipeline';
import { describe, expect, it } from 'vitest';
import { type Point, places } from '../testing/landmark-places.ts';
import { type FaceView, toView, viewSide } from '../tracking/face-view.ts';
import { disoccluded, estimateParallax, type FacePart, fitPlanarMotion } from './planar-motion.ts';

/** Something to look at, without edges. */
const texture = (x: number, y: number) =>
  128 + 40 * Math.sin(9 * x + 4 * y) + 35 * Math.cos(7 * y - 5 * x * y) + 25 * Math.sin(13 * x - 11 * y + 1);
/** A nose: it stands out by a third of half the face. */
const depth = (x: number, y: number) => -0.35 * Math.exp(-(x * x + y * y) / 0.06);

/** A view in which what is at rest at `from(x, y)` is seen at x, y, and landmarks are where `to` takes them. */
function viewOf(from: (x: number, y: number) => Point, to: (x: number, y: number) => Point): FaceView {
  const grey = Float32Array.from({ length: viewSide * viewSide }, (_, at) =>
    texture(...from(toView(at % viewSide, viewSide), toView(Math.floor(at / viewSide), viewSide))),
  );
  return {
    grey,
    points: Float32Array.from(places.flatMap(([x, y]) => to(x, y))),
    depths: Float32Array.from(places, ([x, y]) => depth(x, y)),
  };
}

const rest = viewOf(
  (x, y) => [x, y],
  (x, y) => [x, y],
);

/** A head turned to the subject's left. */
function turned(degrees: number, relief = depth): FaceView {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const from = (x: number, y: number): Point => {
    let source = x;
    for (let i = 0; i < 40; i++) source = (x + sin * relief(source, y)) / cos;
    return [source, y];
  };
  return viewOf(from, (x, y) => [cos * x - sin * relief(x, y), y]);
}

/** A photo bent to a column and turned. The landmarks are where a model sees a turned face. */
function bent(degrees: number): FaceView {
  const turn = (degrees * Math.PI) / 180;
  const from = (x: number, y: number): Point => [
    Math.asin(Math.max(-1, Math.min(1, x + Math.sin(turn)))) - turn,
    y,
  ];
  return viewOf(from, (x, y) => [Math.sin(x + turn) - Math.sin(turn) - Math.sin(turn) * depth(x, y), y]);
}

const sine = Math.sin((18 * Math.PI) / 180);
const sideways = (view: FaceView, angle = 18) =>
  estimateParallax(view, rest, fitPlanarMotion(view, rest), [-Math.sin((angle * Math.PI) / 180), 0])[0];

describe('what moves by its depth', () => {
  it('is a turned head’s nose, to the side it turns to', () => {
    expect(sideways(turned(18)) / -sine).toBeGreaterThan(0.6);
    expect(sideways(turned(-18), -18) / sine).toBeGreaterThan(0.6);
  });

  it('is nothing of a bent photo, whatever the landmarks say', () => {
    expect(Math.abs(sideways(bent(18)) / sine)).toBeLessThan(0.2);
    expect(fitPlanarMotion(bent(18), rest).fit.mismatch).toBeLessThan(0.01);
  });
});

describe('a head in a mask, which stands out and has no relief', () => {
  /** The ridge of the nose, between the eyes. */
  const ridge = (x: number, y: number) => -0.35 * Math.exp(-(x * x + (y + 0.25) ** 2) / 0.03);
  /** What covers the lower face, there where the face is at rest. */
  const masked = (view: FaceView, from: (x: number, y: number) => Point): FaceView => ({
    ...view,
    grey: view.grey.map((value, at) => {
      const [, y] = from(toView(at % viewSide, viewSide), toView(Math.floor(at / viewSide), viewSide));
      return y > 0.05 ? 250 : value;
    }),
  });
  const still = (x: number, y: number): Point => [x, y];
  const mismatch = (view: FaceView, part: FacePart) =>
    fitPlanarMotion(masked(view, still), masked(rest, still), part).fit.mismatch;

  it('leaves more unexplained above the mask', () => {
    for (const degrees of [-18, 18]) {
      const head = turned(degrees, ridge);
      expect(mismatch(head, 'upper face')).toBeGreaterThan(1.5 * mismatch(head, 'face'));
    }
  });

  it('which a bent photo doesn’t', () => {
    expect(mismatch(bent(18), 'upper face')).toBeLessThan(0.01);
  });
});

describe('what is uncovered', () => {
  const ring = contours.eyes[0];
  it('is what no movement explains, and nothing of a bent photo', () => {
    const covered = rest.grey.map((value, at) => {
      const [x, y] = [toView(at % viewSide, viewSide), toView(Math.floor(at / viewSide), viewSide)];
      return Math.hypot(x, y) < 0.2 ? 20 : value;
    });
    const open: FaceView = { ...rest, grey: covered };
    const around = { ...open, points: open.points.slice() };
    for (const [i, index] of ring.entries()) {
      const angle = (2 * Math.PI * i) / ring.length;
      around.points.set([0.2 * Math.cos(angle), 0.2 * Math.sin(angle)], 2 * index);
    }
    expect(disoccluded(rest, around, fitPlanarMotion(rest, around), [ring])).toBeGreaterThan(0.5);
    const plain = { ...around, grey: rest.grey };
    expect(disoccluded(bent(10), plain, fitPlanarMotion(bent(10), plain), [ring])).toBeLessThan(0.05);
  });
});
