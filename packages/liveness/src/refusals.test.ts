import { expect, it } from 'vitest';
import { decide } from './decision.ts';
import { adviceOf } from './refusals.ts';
import { observationsOf, type Scene } from './testing/synthetic-observations.ts';

const advised = (scene: Partial<Scene>, actions: readonly (1 | 2 | 3 | 4 | 5)[]) =>
  adviceOf(
    decide(observationsOf({ seconds: 5, ...scene }), { actions, nodThreshold: 10 }, { durationMs: 5000 })
      .refusals,
  );

it('what to do is told by the warning that it goes with', () => {
  expect(advised({ live: 0.2 }, [1])).toEqual({
    6: 'Turn your head further to your left, and back.',
    7: 'Look straight at the camera in even light, nothing before your face.',
  });
  expect(advised({ faces: 2 }, [3])).toMatchObject({ 4: 'Only one person may be in the picture.' });
  expect(advised({ lost: () => true, faces: 0 }, [1])).toEqual({
    5: 'Hold your face into the middle of the picture, in the light.',
  });
});

it('who is not there is not told to uncover the face, whatever is taken for one in a frame', () => {
  const empty = observationsOf({ seconds: 5, lost: () => true, faces: 0 });
  const mistaken = empty.map((frame, i) => (i === 5 ? { ...frame, faces: 1 } : frame));
  const { refusals } = decide(mistaken, { actions: [1], nodThreshold: 10 }, { durationMs: 5000 });
  expect(adviceOf(refusals)[5]).toBe('Hold your face into the middle of the picture, in the light.');
});

it('nothing is said twice', () => {
  const small = { move: () => ({ size: 60 }) };
  expect(advised(small, [1, 2, 1])[6]).toBe(
    'Turn your head further to your left, and back. Come closer. Turn your head further to your right, and back.',
  );
});

it('who acts after what is looked at of a large video is told how much that is', () => {
  const told = (decodedMs: number) =>
    adviceOf(
      decide(
        observationsOf({ seconds: 5 }),
        { actions: [1], nodThreshold: 10 },
        { durationMs: 9000, decodedMs },
      ).refusals,
    )[6];
  expect(told(9000)).toBe('Turn your head further to your left, and back.');
  expect(told(7633)).toBe(
    'Turn your head further to your left, and back. Record it in 1080p: of so large a video the first 7.6 seconds are looked at.',
  );
});
