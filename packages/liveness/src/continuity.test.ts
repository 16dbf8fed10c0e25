import { describe, expect, it } from 'vitest';
import { continuityOf, isContinuous } from './continuity.ts';
import { decide } from './decision.ts';
import { bump, observationsOf } from './testing/synthetic-observations.ts';

/** A turn far into profile and back, from 1 to 5 s. */
const yaw = (t: number) => 75 * bump(t, 1, 5);

describe('a face that the mesh loses', () => {
  it('in a turn beyond 60° is the same person who comes back: the turn counts', () => {
    const turn = observationsOf({
      seconds: 6,
      move: (t) => ({ yaw: yaw(t) }),
      lost: (t) => yaw(t) > 60,
    });
    expect(turn.filter(({ face }) => face === undefined).length).toBeGreaterThan(15);
    expect(continuityOf(turn).longestLossMs).toBeLessThan(500);
    expect(continuityOf(turn).seen).toBe(1);
    expect(decide(turn, { actions: [1], nodThreshold: 10 }, { durationMs: 6000 })).toMatchObject({
      alive: true,
      refusals: [],
    });
  });

  it.each([
    ['while it looks at the camera', () => 0],
    ['on one side, and is found on the other', (t: number) => (t < 3 ? 40 : -40)],
    ['hardly turned', (t: number) => 20 * bump(t, 1, 5)],
  ])('%s was away', (_, move) => {
    const away = observationsOf({
      seconds: 6,
      move: (t) => ({ yaw: move(t) }),
      lost: (t) => t > 1.9 && t < 4,
    });
    expect(continuityOf(away).longestLossMs).toBeGreaterThan(2000);
    expect(isContinuous(continuityOf(away))).toBe(false);
  });

  it('is away where it stays in profile for longer than a turn takes', () => {
    const long = observationsOf({ seconds: 8, move: () => ({ yaw: 40 }), lost: (t) => t > 2 && t < 5.5 });
    expect(isContinuous(continuityOf(long))).toBe(false);
  });

  it('is another person where another face comes back', () => {
    const exchanged = observationsOf({
      seconds: 6,
      move: (t) => ({ yaw: yaw(t) }),
      lost: (t) => yaw(t) > 60,
      person: (t) => (t < 3 ? 0 : 1),
    });
    expect(isContinuous(continuityOf(exchanged))).toBe(false);
  });

  it('and the detector sees all the time is not away, wherever it looks', () => {
    const seen = observationsOf({ seconds: 6, doubted: (t) => (t > 1.9 && t < 4 ? 'nothing' : undefined) });
    expect(continuityOf(seen)).toMatchObject({ seen: 1, jumps: 0 });
    expect(continuityOf(seen).longestLossMs).toBeLessThan(250);
    expect(isContinuous(continuityOf(seen))).toBe(true);
  });

  it('is away where the detector alone sees it for longer than a turn takes', () => {
    const long = observationsOf({ seconds: 8, doubted: (t) => (t > 2 && t < 5.5 ? 'nothing' : undefined) });
    expect(isContinuous(continuityOf(long))).toBe(false);
  });

  it('and the detector sees is another person where another face comes back', () => {
    const exchanged = observationsOf({
      seconds: 6,
      doubted: (t) => (t > 2 && t < 4 ? 'nothing' : undefined),
      person: (t) => (t < 3 ? 0 : 1),
    });
    expect(isContinuous(continuityOf(exchanged))).toBe(false);
  });
});
