import { describe, expect, it, vi } from 'vitest';
import { bump, observationsOf } from '../testing/synthetic-observations.ts';
import { bentPicture, texture, viewOfPicture } from '../testing/synthetic-views.ts';
import type { FaceView } from '../tracking/face-view.ts';
import type { FrameObservation } from '../tracking/observation.ts';
import { type MotionCues, measureMotionCues } from './motion-cues.ts';

interface Face {
  /** Landmarks see it turn by so many degrees. */
  readonly yaw: number;
  /** By so much a living face differs from before: folds, light, skin. */
  readonly change: number;
}

function viewOf({ yaw, change }: Face, seed: number): FaceView {
  const folds = (x: number, y: number) => change * Math.sin(17 * x + 23 * y + 3 * Math.sin(9 * x * y));
  return viewOfPicture(
    bentPicture((x, y) => texture(x, y) + folds(x, y), yaw),
    seed,
    yaw,
  );
}

const turn = { action: 1, from: 1900, to: 3300, peak: 2600, strength: 2, confidence: 0.9 } as const;
const yawAt = (time: number) => 22 * bump(time, 2, 3.2);

/** Turns within five seconds, once in their middle if not said otherwise; `change` says how much it has changed by a time. */
function filmed(change: (time: number) => number, yaw = yawAt): FrameObservation[] {
  return observationsOf({ seconds: 5, move: (time) => ({ yaw: yaw(time) }) }).map((frame, i) => {
    const time = frame.timeMs / 1000;
    const view = viewOf({ yaw: yaw(time), change: change(time) }, i + 1);
    return frame.face === undefined ? frame : { ...frame, face: { ...frame.face, view } };
  });
}

const restOf = ({ rest }: MotionCues) => rest?.grey ?? Number.NaN;
const turnOf = ({ actions: [action] }: MotionCues) => action?.detail ?? Number.NaN;

describe('what movements leave', () => {
  const photo = measureMotionCues(
    filmed(() => 0),
    [turn],
  );
  const living = measureMotionCues(
    filmed((time) => 12 * (yawAt(time) / 22) + 8 * Math.sin(1.3 * time)),
    [turn],
  );

  it('is a camera’s grain of a photo that is warped by its landmarks', () => {
    expect(photo.restPairs).toBeGreaterThanOrEqual(2);
    expect(restOf(photo)).toBeLessThan(0.01);
    expect(turnOf(photo)).toBeLessThan(0.02);
  });

  it('is several times as much of a face that changes, at rest and by the turn', () => {
    expect(restOf(living)).toBeGreaterThan(3 * restOf(photo));
    expect(turnOf(living)).toBeGreaterThan(2 * turnOf(photo));
    expect(living.actions[0]?.way).toBeGreaterThan(18);
  });

  it('at rest is the mean of two pairs, not the one that is more like a picture’s', () => {
    const restAt = [1000, 1500, 3800, 4400];
    const isKept = ({ timeMs }: FrameObservation) =>
      restAt.includes(Math.round(timeMs)) || (timeMs > 2300 && timeMs < 2900);
    const changed = (first: number, second: number) =>
      measureMotionCues(filmed((time) => (time > 4 ? second : time > 3.5 ? first : 0)).filter(isKept), [
        turn,
      ]);
    const [one, both] = [changed(0, 12), changed(12, 12)];
    expect([one.restPairs, both.restPairs]).toEqual([2, 2]);
    expect(restOf(one) / restOf(both)).toBeCloseTo(0.5, 1);
  });

  it('at rest is not told where there is no rest', () => {
    const always = filmed(() => 0).filter(({ timeMs }) => timeMs > 2100 && timeMs < 3000);
    expect(measureMotionCues(always, [turn]).rest).toBeUndefined();
  });

  it('at rest is not told of a movement that fills the clip, though it passes the same angle twice', () => {
    const back = (time: number) => 22 * (1 - Math.abs(time - 2.5) / 2.5);
    const filled = filmed(() => 0, back);
    const whole = { ...turn, from: 100, to: 4800, peak: 2500 };
    const cues = measureMotionCues(filled, [whole]);
    expect(cues).toMatchObject({ restPairs: 0 });
    expect(cues.rest).toBeUndefined();
    expect(cues.actions).toHaveLength(1);
  });

  it('is measured of an action once it is read: registering the farthest frame takes time', () => {
    const frames = filmed(() => 0);
    const read = vi.fn();
    for (const { timeMs, face } of frames) {
      const points = face?.view?.points;
      if (face?.view === undefined || Math.abs(timeMs - turn.peak) > 300) continue;
      Object.defineProperty(face.view, 'points', { get: () => read() ?? points });
    }
    const cues = measureMotionCues(frames, [turn]);
    expect(read).not.toHaveBeenCalled();
    expect(turnOf(cues)).toBeGreaterThan(0);
    expect(read).toHaveBeenCalled();
  });

  it('is not measured where there are no pictures', () => {
    const blind = observationsOf({ seconds: 5, move: (time) => ({ yaw: yawAt(time) }) });
    expect(measureMotionCues(blind, [turn])).toEqual({ restPairs: 0, actions: [] });
  });
});
