import { expect, it } from 'vitest';
import { decide } from './decision.ts';
import { adviceOf } from './refusals.ts';
import { bump, observationsOf, type Scene } from './testing/synthetic-observations.ts';
import { cutAdvice } from './video-length.ts';

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

const first = 'of so large a video the first 7.6 seconds are looked at.';

it('every refusal of a video that was looked at in part tells how much that is', () => {
  const told = (scene: Partial<Scene>, decodedMs = 7633) => {
    const length = { durationMs: 9000, decodedMs };
    return decide(observationsOf({ seconds: 5, ...scene }), { actions: [1], nodThreshold: 10 }, length)
      .refusals;
  };
  const scenes: Record<string, Partial<Scene>> = {
    action: {},
    'anti-spoof': { live: 0.2 },
    'several faces': { faces: 2 },
    face: { lost: () => true },
    'face seen': { lost: (_, frame) => frame % 2 === 1 },
    'face lost': { lost: (t) => t > 0.5 && t < 1.9 },
    'same person': { person: (t) => (t < 2 ? 0 : 1) },
    cut: { move: (t) => ({ centreX: t < 2.5 ? 200 : 450 }) },
  };
  for (const [check, scene] of Object.entries(scenes)) {
    expect(told(scene).map((refusal) => refusal.check)).toContain(check);
    for (const { advice } of told(scene))
      expect(advice).toContain(` Record it in 1080p at 30 frames a second: ${first}`);
    for (const { advice } of told(scene, 9000)) expect(advice).not.toContain('looked at');
  }
  expect(told({ move: (t) => ({ yaw: -28 * bump(t, 2, 3.2) }) })[0]?.advice).toMatch(/other side.*looked at/);
});

it.each([
  ['4K at 30 frames a second', 3840 * 2160, 30, 'in 1080p'],
  ['1080p at 120', 1920 * 1080, 120, 'at 30 frames a second'],
  ['1080p at 240, in whole blocks', 1920 * 1088, 240, 'at 30 frames a second'],
  ['4K at 120', 3840 * 2160, 120, 'in 1080p at 30 frames a second'],
])('%s is to be recorded otherwise: only what is the cause is told', (_, pixels, rate, otherwise) => {
  const packets = 9 * rate;
  const length = { durationMs: 9000, decodedMs: 7633, packets, totalPixels: packets * pixels };
  expect(cutAdvice(length)).toBe(`Record it ${otherwise}: ${first}`);
});
