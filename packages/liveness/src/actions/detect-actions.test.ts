import { describe, expect, it } from 'vitest';
import { bump, observationsOf, type Scene } from '../testing/synthetic-observations.ts';
import { type ActionEvent, confidenceOf, detectActions } from './detect-actions.ts';

const found = (scene: Scene, nodThreshold = 10, seed = 1): ActionEvent[] =>
  detectActions(observationsOf(scene, seed), nodThreshold).filter(({ confidence }) => confidence >= 0.5);
/** From 0 at `from` seconds to 1 at `to`. */
const ramp = (time: number, from: number, to: number) =>
  Math.max(0, Math.min(1, (time - from) / (to - from)));
const actions = (scene: Scene, nodThreshold = 10, seed = 1) =>
  found(scene, nodThreshold, seed).map(({ action }) => action);

describe('a confidence', () => {
  it('is 0.5 at the decision and rises with the movement', () => {
    expect(confidenceOf(1)).toBe(0.5);
    expect(confidenceOf(0)).toBe(0);
    expect(confidenceOf(0.5)).toBeLessThan(0.1);
    expect(confidenceOf(2)).toBeGreaterThan(0.9);
  });
});

describe('a turn', () => {
  it('to the subject’s left is action 1, to the right action 2', () => {
    expect(actions({ seconds: 5, move: (t) => ({ yaw: 25 * bump(t, 2, 3.2) }) })).toEqual([1]);
    expect(actions({ seconds: 5, move: (t) => ({ yaw: -25 * bump(t, 2, 3.2) }) })).toEqual([2]);
  });

  it('counts from where this person looks at rest', () => {
    expect(actions({ seconds: 5, move: (t) => ({ yaw: -9 - 18 * bump(t, 2, 3) }) })).toEqual([2]);
    expect(actions({ seconds: 5, move: () => ({ yaw: -14 }) })).toEqual([]);
  });

  it('is found in a clip that is turned most of the time', () => {
    expect(actions({ seconds: 1.5, move: (t) => ({ yaw: 3 + 20 * bump(t, 0.1, 1.4) }) })).toEqual([1]);
  });

  it('back to the middle is no turn to the other side', () => {
    expect(actions({ seconds: 6, move: (t) => ({ yaw: 40 * bump(t, 1, 4) }) })).toEqual([1]);
  });

  it('is told apart from slow drift, from leaning to the side and from a single wrong frame', () => {
    expect(actions({ seconds: 8, move: (t) => ({ yaw: -4 + 2.5 * t }) })).toEqual([]);
    const leaning = (t: number) => ({ centreX: 320 + 280 * bump(t, 1, 4), yaw: 16 * bump(t, 1, 4) });
    expect(actions({ seconds: 5, move: leaning })).toEqual([]);
    expect(actions({ seconds: 4, move: (t) => ({ yaw: Math.abs(t - 2) < 0.04 ? 40 : 0 }) })).toEqual([]);
  });

  it('is no turn when a flat picture moves sideways without turning', () => {
    expect(actions({ seconds: 5, move: (t) => ({ centreX: 320 + 250 * Math.sin(3 * t) }) })).toEqual([]);
  });

  it.each(['turn', 'nothing'] as const)('counts where its landmarks are doubted and tell %s', (doubted) => {
    // A mask hides the mouth, or the head goes into profile: the mesh model doubts what the detector sees.
    const move = (t: number) => ({ yaw: -40 * bump(t, 2, 3.4) });
    const isFar = (t: number) => Math.abs(move(t).yaw) > 25;
    // Out and back are two where nothing is told in between.
    const turns = actions({ seconds: 5, move, doubted: (t) => (isFar(t) ? doubted : undefined) });
    expect(new Set(turns)).toEqual(new Set([2]));
  });

  it('is told by doubted landmarks alone, which tell no nod and no mouth', () => {
    const doubted = (t: number) => (t > 1.5 && t < 3.5 ? ('turn' as const) : undefined);
    const scene = (move: NonNullable<Scene['move']>) => ({ seconds: 5, move, doubted });
    expect(actions(scene((t) => ({ yaw: 22 * bump(t, 2, 3.2) })))).toEqual([1]);
    expect(actions(scene((t) => ({ pitch: -22 * bump(t, 2, 3.2) })))).toEqual([]);
    expect(actions(scene((t) => ({ mouth: 0.01 + 0.3 * bump(t, 2, 3.2) })))).toEqual([]);
  });

  it('is found through noise and dropped frames, and noise alone makes none', () => {
    const lost = (_: number, frame: number) => frame % 4 === 3;
    for (let seed = 1; seed <= 20; seed++) {
      const move = (t: number) => ({ yaw: 22 * bump(t, 2, 3.2) });
      expect(actions({ seconds: 5, noise: 2, lost, move }, 10, seed)).toEqual([1]);
      expect(actions({ seconds: 10, noise: 2 }, 10, seed).filter((action) => action !== 5)).toEqual([]);
    }
  });

  it('does not come from frames around a lost face', () => {
    const move = (t: number) => ({ yaw: t < 2 ? 0 : -20 });
    expect(actions({ seconds: 3, lost: (t) => t > 1.5 && t < 2.5, move })).toEqual([]);
  });

  it.each([5, 8, 10])('is found at %i frames a second', (framesPerSecond) => {
    const move = (t: number) => ({ yaw: 25 * bump(t, 2, 3.5) });
    expect(actions({ seconds: 5, framesPerSecond, move })).toEqual([1]);
  });
});

describe('a nod', () => {
  it('is down or up, and down followed by up is one', () => {
    expect(actions({ seconds: 4, move: (t) => ({ pitch: -16 * bump(t, 1, 2) }) })).toEqual([3]);
    expect(actions({ seconds: 4, move: (t) => ({ pitch: 16 * bump(t, 1, 2) }) })).toEqual([3]);
    const both = (t: number) => ({ pitch: 5 - 16 * bump(t, 1, 2) + 14 * bump(t, 2, 3) });
    expect(actions({ seconds: 5, move: both })).toEqual([3]);
  });

  it('must reach the threshold in degrees', () => {
    const scene: Scene = { seconds: 4, move: (t) => ({ pitch: -16 * bump(t, 1, 2) }) };
    expect(actions(scene, 15)).toEqual([3]);
    expect(actions(scene, 17)).toEqual([]);
    expect(actions({ seconds: 4, move: (t) => ({ pitch: -4 * bump(t, 1, 2) }) }, 3)).toEqual([3]);
  });

  it('is not what a turned head seems to do', () => {
    const move = (t: number) => ({ yaw: 45 * bump(t, 1, 2), pitch: 12 * bump(t, 1, 2) });
    expect(actions({ seconds: 4, move })).toEqual([1]);
  });

  it.each<[string, Scene]>([
    ['lowered most of the time', { seconds: 2, move: (t) => ({ pitch: -16 * bump(t, 0.2, 1.9) }) }],
    ['begun in motion', { seconds: 1.5, move: (t) => ({ pitch: -18 * bump(t, -0.6, 0.8) }) }],
    ['not back yet at the end', { seconds: 2, move: (t) => ({ pitch: 16 * bump(t, 1, 3) }) }],
    [
      'by a head turned to the side',
      { seconds: 4, move: (t) => ({ yaw: 25, pitch: -16 * bump(t, 1, 2.2) }) },
    ],
    [
      'that turns a little as well',
      { seconds: 4, move: (t) => ({ yaw: 8 * bump(t, 1, 2), pitch: -16 * bump(t, 1, 2) }) },
    ],
  ])('%s is one', (_, scene) => {
    expect(actions(scene)).toEqual([3]);
  });

  it('is not a turn, however far the head drifts sideways meanwhile', () => {
    const move = (t: number) => ({ yaw: 14 * bump(t, 1, 2.2), pitch: 34 * bump(t, 1, 2.2) });
    expect(actions({ seconds: 4, move })).toEqual([3]);
  });

  it('is no turn that seems to rise: back from one side to the other, or held to the end', () => {
    const across = (t: number) => ({ yaw: -40 * bump(t, -1, 1.2) + 30 * bump(t, 1.1, 2.4) });
    const move = (t: number) => ({ ...across(t), pitch: Math.abs(across(t).yaw) / 2.7 });
    expect(actions({ seconds: 3, move })).not.toContain(3);
    const held = (t: number) => ({ yaw: 34 * bump(t, 1, 5), pitch: 12 * bump(t, 1, 5) });
    expect(actions({ seconds: 2.5, move: held })).toEqual([1]);
  });

  it('is no turn that rises first: what goes farther about the other axis is a movement about that one', () => {
    const move = (t: number) => ({ yaw: 26 * bump(t, 1.3, 2.7), pitch: 14 * bump(t, 1, 2) });
    expect(actions({ seconds: 4, move })).toEqual([1]);
    const turnThenNod = (t: number) => ({ yaw: 26 * bump(t, 0.5, 1.5), pitch: 14 * bump(t, 1.6, 2.6) });
    expect(actions({ seconds: 4, move: turnThenNod })).toEqual([1, 3]);
  });

  it('is no turn in which the head rises and then sinks lower than it was, of whom the rest is the end', () => {
    const turn = (from: number) => (t: number) => ({
      yaw: from + (25 - from) * bump(t, 0.4, 2.2) - (from - 3) * ramp(t, 1.3, 2),
      pitch: 8 * bump(t, 0.4, 1.7) - 11 * ramp(t, 1.2, 1.8),
    });
    for (const from of [0, 6, 12]) expect(actions({ seconds: 3, move: turn(from) })).not.toContain(3);
  });

  it('is no noise of the pitch at a large yaw', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const jitter = (t: number) => Math.sin(seed * 1.7 + 5 * t) + Math.sin(seed * 2.9 + 11 * t);
      const yaw = (t: number) => 45 * bump(t, 1, 2.6);
      const move = (t: number) => ({ yaw: yaw(t), pitch: (yaw(t) / 45) * (12 + 5 * jitter(t)) });
      expect(actions({ seconds: 4, noise: 1, move }, 10, seed)).not.toContain(3);
    }
  });

  it('is one while the head is kept turned, after a turn and before it comes back', () => {
    const move = (t: number) => ({ yaw: 26 * bump(t, 0.4, 4.4), pitch: -16 * bump(t, 1.9, 2.9) });
    expect(actions({ seconds: 5, move })).toEqual([1, 3]);
  });
});

describe('the mouth', () => {
  it('opens wide on request, and talking is no action', () => {
    expect(actions({ seconds: 4, move: (t) => ({ mouth: 0.01 + 0.22 * bump(t, 1, 2) }) })).toEqual([4]);
    const talking = (t: number) => ({ mouth: 0.05 + 0.05 * Math.sin(12 * t) });
    expect(actions({ seconds: 6, move: talking })).toEqual([]);
  });

  it('that closes again at once is a talker’s, however wide the vowel', () => {
    const vowels = (t: number) => ({ mouth: 0.01 + 0.18 * bump(t % 0.8, 0.2, 0.5) });
    expect(actions({ seconds: 6, move: vowels })).toEqual([]);
    expect(actions({ seconds: 6, framesPerSecond: 25, move: vowels })).toEqual([]);
    const asked = (t: number) => ({ mouth: 0.01 + 0.18 * bump(t, 1, 1.7) });
    expect(actions({ seconds: 3, move: asked })).toEqual([4]);
    expect(actions({ seconds: 3, framesPerSecond: 8, move: asked })).toEqual([4]);
  });

  it('a grin that shows the teeth is none', () => {
    const grin = (t: number) => ({
      mouth: 0.01 + 0.13 * bump(t, 1, 2),
      mouthWidth: 0.6 + 0.24 * bump(t, 1, 2),
    });
    expect(actions({ seconds: 4, move: grin })).toEqual([]);
    const plain = (t: number) => ({ mouth: 0.01 + 0.13 * bump(t, 1, 2) });
    expect(actions({ seconds: 4, move: plain })).toEqual([4]);
  });

  it('may be open for most of the clip', () => {
    const early = (t: number) => ({
      mouth: 0.006 + 0.14 * bump(t, 0.6, 4.4),
      mouthWidth: 0.5 + 0.1 * bump(t, 0.6, 4.4),
    });
    expect(actions({ seconds: 3.5, move: early })).toEqual([4]);
    const laughing = (t: number) => ({
      mouth: 0.006 + 0.13 * bump(t, 0.6, 4.4),
      mouthWidth: 0.5 + 0.2 * bump(t, 0.6, 4.4),
    });
    expect(actions({ seconds: 3.5, move: laughing })).toEqual([]);
  });

  it('opening twice is two actions', () => {
    const move = (t: number) => ({ mouth: 0.2 * bump(t, 1, 2) + 0.2 * bump(t, 3, 4) });
    expect(actions({ seconds: 5, move })).toEqual([4, 4]);
  });
});

describe('a blink', () => {
  it('may be in a single frame', () => {
    const move = (t: number) => ({ eyes: Math.abs(t - 2) < 0.04 ? 0.16 : 0.31 });
    expect(actions({ seconds: 4, move })).toEqual([5]);
  });

  it('is neither narrow eyes nor a look down', () => {
    expect(actions({ seconds: 4, move: () => ({ eyes: 0.17 }) })).toEqual([]);
    const down = (t: number) => ({ eyes: 0.3 - 0.14 * bump(t, 1, 2), pitch: -20 * bump(t, 1, 2) });
    expect(actions({ seconds: 4, move: down })).toEqual([3]);
  });
});
