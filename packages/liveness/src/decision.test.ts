import { describe, expect, it } from 'vitest';
import { decide } from './decision.ts';
import { bump, observationsOf, type Scene } from './testing/synthetic-observations.ts';

const request = { actions: [1], nodThreshold: 10 } as const;
const turning = (t: number) => ({ yaw: 28 * bump(t, 2, 3.2) });
const verdict = (scene: Partial<Scene>, durationMs = 5000) =>
  decide(observationsOf({ seconds: 5, move: turning, ...scene }), request, { durationMs });

describe('alive', () => {
  it('is one live person who did what was asked', () => {
    expect(verdict({})).toMatchObject({ alive: true, warnings: [], actions: [{ action: 1 }] });
  });

  it('is not who left an action out, and the warning says so', () => {
    expect(verdict({ move: () => ({}) })).toMatchObject({ alive: false, warnings: [6] });
  });

  it('is not what the anti-spoof models call a picture', () => {
    const { alive, warnings, actions } = verdict({ live: 0.2 });
    expect({ alive, warnings }).toEqual({ alive: false, warnings: [7] });
    expect(actions[0]?.confidence).toBeGreaterThan(0.5);
  });

  it('is not two people one after the other', () => {
    expect(verdict({ person: (t) => (t < 2 ? 0 : 1) })).toMatchObject({ alive: false, warnings: [7] });
  });

  it('is not a video with a cut: a face that jumps or suddenly grows', () => {
    const jump = (t: number) => ({ ...turning(t), centreX: t < 2.5 ? 200 : 450 });
    expect(verdict({ move: jump })).toMatchObject({ alive: false, warnings: [7] });
    const grow = (t: number) => ({ ...turning(t), size: t < 2.5 ? 100 : 180 });
    expect(verdict({ move: grow })).toMatchObject({ alive: false, warnings: [7] });
    const walking = (t: number) => ({ ...turning(t), size: 100 + 20 * t, centreX: 200 + 40 * t });
    expect(verdict({ move: walking })).toMatchObject({ alive: true, warnings: [] });
  });

  it('is not a face that was away for long', () => {
    expect(verdict({ lost: (t) => t > 0.5 && t < 1.9 })).toMatchObject({ alive: false, warnings: [7] });
    expect(verdict({ lost: (_, frame) => frame === 7 })).toMatchObject({ alive: true, warnings: [] });
  });
});

describe('warnings', () => {
  it('1: the face never looks forward', () => {
    expect(verdict({ move: () => ({ yaw: 35 }) }).warnings).toContain(1);
  });

  it('2 and 3: at the edges of 1 to 15 seconds', () => {
    expect(verdict({}, 990).warnings).toContain(2);
    expect(verdict({}, 15_020).warnings).toContain(3);
    expect(verdict({}, 5000).warnings).toEqual([]);
  });

  it('2: what was looked at of a longer video is as short; below the tolerance of clocks nobody is alive', () => {
    const cut = (decodedMs: number) =>
      decide(observationsOf({ seconds: 5, move: turning }), request, { durationMs: 5000, decodedMs });
    expect(cut(4000)).toMatchObject({ alive: true, warnings: [] });
    expect(cut(990)).toMatchObject({ alive: true, warnings: [2] });
    const { alive, warnings, refusals } = cut(400);
    expect({ alive, warnings }).toEqual({ alive: false, warnings: [2] });
    expect(refusals).toMatchObject([{ check: 'duration', value: 400, limit: 960 }]);
  });

  it('4: two faces', () => {
    expect(verdict({ faces: 2 })).toMatchObject({ alive: false, warnings: [4] });
  });

  it('4: two faces in the only count, in two of two or in two of four; one of several may be a mistake', () => {
    const counted = (...faces: number[]) => {
      const frames = observationsOf({ seconds: 5, move: turning }).map(({ faces: _, ...frame }, i) => {
        const count = i % 10 === 0 ? faces[i / 10] : undefined;
        return count === undefined ? frame : { ...frame, faces: count };
      });
      return decide(frames, request, { durationMs: 5000 }).warnings.includes(4);
    };
    expect([counted(2), counted(2, 2), counted(2, 1, 2), counted(1, 2, 2, 1)]).toEqual(Array(4).fill(true));
    expect([counted(1), counted(1, 2), counted(1, 2, 1), counted(1, 1, 1, 2)]).toEqual(Array(4).fill(false));
  });

  it('4: a second person who comes for a second and a half', () => {
    const alone = observationsOf({ seconds: 5, move: turning });
    const visited = alone.map((frame) =>
      frame.faces !== undefined && frame.timeMs >= 3000 && frame.timeMs < 4500
        ? { ...frame, faces: 2 }
        : frame,
    );
    expect(decide(visited, request, { durationMs: 5000 })).toMatchObject({ alive: false, warnings: [4] });
  });

  it('5: no face', () => {
    expect(verdict({ lost: () => true })).toMatchObject({ alive: false, warnings: [5] });
  });

  it('6: the movement is too small', () => {
    expect(verdict({ move: (t) => ({ yaw: 8 * bump(t, 2, 3) }) }).warnings).toEqual([6]);
  });

  it('7: dark, blurred or tiny', () => {
    expect(verdict({ brightness: 15 }).warnings).toEqual([7]);
    expect(verdict({ sharpness: 0.001 }).warnings).toEqual([7]);
    expect(verdict({ move: (t) => ({ ...turning(t), size: 20 }) }).warnings).toEqual([7]);
  });
});

describe('a refusal names the check and what to do', () => {
  const checks = (scene: Partial<Scene>) => verdict(scene).refusals.map(({ check }) => check);

  it('none for whom is alive', () => {
    expect(verdict({}).refusals).toEqual([]);
  });

  it('an action: how far it went, which way it should go, and whether to come closer', () => {
    const weak = verdict({ move: (t) => ({ yaw: 9 * bump(t, 2, 3.2) }) }).refusals;
    expect(weak).toMatchObject([{ check: 'action', action: 1, limit: 1 }]);
    expect(weak[0]?.value).toBeGreaterThan(0.5);
    expect(weak[0]?.advice).toMatch(/further to your left/);
    expect(weak[0]?.advice).not.toMatch(/closer/);
    const small = verdict({ move: (t) => ({ yaw: 9 * bump(t, 2, 3.2), size: 60 }) }).refusals;
    expect(small[0]?.advice).toMatch(/closer/);
    const otherSide = verdict({ move: (t) => ({ yaw: -28 * bump(t, 2, 3.2) }) }).refusals;
    expect(otherSide[0]?.advice).toMatch(/other side/);
  });

  it('a face that is covered: for the mouth what else may be asked for, for all else to uncover it', () => {
    const masked = observationsOf({ seconds: 5, presence: 0.7 });
    const [mouth] = decide(masked, { actions: [4], nodThreshold: 10 }, { durationMs: 5000 }).refusals;
    expect(mouth?.advice).toMatch(/mouth is hidden.*turns and nods/);
    const open = observationsOf({ seconds: 5 });
    expect(
      decide(open, { actions: [4], nodThreshold: 10 }, { durationMs: 5000 }).refusals[0]?.advice,
    ).not.toMatch(/hidden/);
    expect(verdict({ lost: () => true }).refusals[0]?.advice).toMatch(/Uncover your face/);
    expect(verdict({ lost: () => true, faces: 0 }).refusals[0]?.advice).toMatch(/middle of the picture/);
  });

  it('a picture, a cut, another person and a lost face', () => {
    expect(checks({ live: 0.2 })).toEqual(['anti-spoof']);
    expect(checks({ person: (t) => (t < 2 ? 0 : 1) })).toEqual(['same person']);
    expect(checks({ move: (t) => ({ ...turning(t), centreX: t < 2.5 ? 200 : 450 }) })).toEqual(['cut']);
    expect(checks({ lost: (t) => t > 0.5 && t < 1.9 })).toEqual(['face lost']);
    expect(checks({ lost: () => true })).toEqual(['face']);
  });
});
