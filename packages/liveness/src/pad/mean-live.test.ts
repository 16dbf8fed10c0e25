import { expect, it } from 'vitest';
import { observationsOf } from '../testing/synthetic-observations.ts';
import { meanLive } from './mean-live.ts';

/** A face that turns away after two seconds; the models doubt it there. */
const turningAway = observationsOf({ seconds: 4, move: (t) => ({ yaw: t < 2 ? 0 : 30 }) }).map((seen) =>
  seen.face?.live === undefined
    ? seen
    : { ...seen, face: { ...seen.face, live: seen.face.signals.yaw > 20 ? 0.05 : 0.95 } },
);

it('a turned head is not a spoof: frames that look at the camera decide', () => {
  expect(meanLive(turningAway)).toBeGreaterThan(0.9);
});

it('a clip that is turned all the time is judged by what there is', () => {
  expect(meanLive(observationsOf({ seconds: 3, live: 0.9, move: () => ({ yaw: 25 }) }))).toBeCloseTo(0.9);
});

it('says nothing where the models saw no face', () => {
  expect(meanLive(observationsOf({ seconds: 2, lost: () => true }))).toBeUndefined();
});
