import { contours } from '@openfrs/vision/pipeline';
import { expect, it } from 'vitest';
import { places } from '../testing/landmark-places.ts';
import { observationsOf } from '../testing/synthetic-observations.ts';
import { type FaceView, toView, viewSide } from '../tracking/face-view.ts';
import { isMouthCovered } from './covered-mouth.ts';

const [mouth, eyes] = [contours.mouth[0], contours.eyes];
/** Landmarks of the mouth below, of the eyes above. */
const points = Float32Array.from(places.flat());
const put = (ring: readonly number[], x: number, y: number) => {
  for (const [i, index] of ring.entries()) {
    const angle = (2 * Math.PI * i) / ring.length;
    points.set([x + 0.2 * Math.cos(angle), y + 0.1 * Math.sin(angle)], 2 * index);
  }
};
put(mouth, 0, 0.4);
for (const [i, eye] of eyes.entries()) put(eye, i === 0 ? -0.35 : 0.35, -0.3);

/** A face with stripes, those of the lower half by so much of the contrast of the upper. */
function viewOf(lower: number): FaceView {
  const grey = Float32Array.from({ length: viewSide * viewSide }, (_, at) => {
    const [x, y] = [toView(at % viewSide, viewSide), toView(Math.floor(at / viewSide), viewSide)];
    return 128 + (y > 0 ? lower : 1) * 50 * Math.sin(25 * x + 19 * y);
  });
  return { grey, points, depths: new Float32Array(places.length) };
}

const seen = (view?: FaceView) =>
  observationsOf({ seconds: 2 }).map(({ face, ...frame }) =>
    face === undefined ? frame : { ...frame, face: { ...face, ...(view === undefined ? {} : { view }) } },
  );

it('a mouth without detail is covered, one with half of the eyes’ detail is not', () => {
  expect(isMouthCovered(seen(viewOf(0.3)))).toBe(true);
  expect(isMouthCovered(seen(viewOf(0.6)))).toBe(false);
});

it('a mouth that no picture shows is not taken for covered', () => {
  expect(isMouthCovered(seen())).toBe(false);
});
