import { describe, expect, it } from 'vitest';
import { type Point, places } from '../testing/landmark-places.ts';
import { bump, observationsOf } from '../testing/synthetic-observations.ts';
import { toView, viewSide } from '../tracking/face-view.ts';
import type { FrameObservation } from '../tracking/observation.ts';
import { measureEyeChange } from './eye-change.ts';

/** Landmarks of a face whose eyes lie where eyes do. */
const face = places.map(([x, y], i): Point => {
  const own: Readonly<Record<number, Point>> = {
    33: [-0.45, -0.2],
    133: [-0.15, -0.2],
    159: [-0.3, -0.25],
    145: [-0.3, -0.15],
    362: [0.15, -0.2],
    263: [0.45, -0.2],
    386: [0.3, -0.25],
    374: [0.3, -0.15],
  };
  return own[i] ?? [x, y];
});
const eyes = [
  { x: -0.3, y: -0.2, width: 0.3 },
  { x: 0.3, y: -0.2, width: 0.3 },
];

/** A skin with detail, two dark irises of which lids leave a part open, and a camera's grain. */
function viewOf(open: number, seed: number, mouth: number) {
  let state = seed * 2654435761 + 1;
  const grain = () => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  const grey = Float32Array.from({ length: viewSide * viewSide }, (_, at) => {
    const [x, y] = [toView(at % viewSide, viewSide), toView(Math.floor(at / viewSide), viewSide)];
    const iris = eyes.reduce((sum, eye) => {
      const [u, v] = [(x - eye.x) / eye.width, (y - eye.y) / eye.width];
      return sum + Math.exp(-30 * (u * u + v * v));
    }, 0);
    const lips = mouth * 60 * Math.exp(-20 * (x * x + (y - 0.5) ** 2));
    return (
      140 +
      30 * Math.sin(9 * x + 4 * y) +
      20 * Math.cos(31 * x - 27 * y) -
      70 * open * iris -
      lips +
      3 * grain()
    );
  });
  const points = Float32Array.from(face.flat());
  return { grey, points, depths: new Float32Array(face.length) };
}

/** Opens its mouth once within four seconds; `open` says how far the eyes are at a time. */
const filmed = (open: (seconds: number) => number): FrameObservation[] =>
  observationsOf({ seconds: 4 }).map((frame, i) => {
    const time = frame.timeMs / 1000;
    const view = viewOf(open(time), i + 1, bump(time, 1.5, 2.5));
    return frame.face === undefined ? frame : { ...frame, face: { ...frame.face, view } };
  });

describe('how much eyes change', () => {
  it('is noise of a photo’s, also where a living mouth opens below them, and more of eyes whose lids move', () => {
    const photo = measureEyeChange(filmed(() => 1));
    const living = measureEyeChange(filmed((time) => 0.8 + 0.2 * Math.sin(1.5 * time)));
    expect(photo).toBeLessThan(0.004);
    expect(living).toBeGreaterThan(3 * (photo ?? 1));
  });

  it('is not told of a second, nor without pictures', () => {
    expect(measureEyeChange(filmed(() => 1).slice(0, 8))).toBeUndefined();
    expect(measureEyeChange(observationsOf({ seconds: 4 }))).toBeUndefined();
  });
});
