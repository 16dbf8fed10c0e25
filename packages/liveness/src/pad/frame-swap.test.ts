import { describe, expect, it } from 'vitest';
import { observationsOf, type Scene } from '../testing/synthetic-observations.ts';
import { isFrameSwap } from './frame-swap.ts';

/** Is the largest turn of a scene sudden? */
function sudden(yaw: (t: number) => number, scene: Partial<Scene> = {}): boolean {
  const all = observationsOf({ seconds: 4, move: (t) => ({ yaw: yaw(t) }), ...scene });
  const seen = all.filter(({ face }) => face !== undefined);
  const moved = (frame: (typeof seen)[number]) => frame.face?.signals.yaw ?? 0;
  const [farthest] = seen.toSorted((a, b) => moved(b) - moved(a));
  if (farthest === undefined) throw new Error('nothing was seen');
  return isFrameSwap(seen, farthest, moved, 0, 0.85);
}

describe('sudden', () => {
  it('is a picture that is exchanged for another and back', () => {
    expect(sudden((t) => (t > 1.5 && t < 2.5 ? 20 : 0))).toBe(true);
  });

  it('is no head that turns, however fast', () => {
    expect(sudden((t) => 20 * Math.max(0, Math.min(1, (t - 1.5) / 0.25, (2.5 - t) / 0.25)))).toBe(false);
  });

  it('is nothing that is gone to or come back from slowly, or out of the picture', () => {
    expect(sudden((t) => (t < 1.5 ? 0 : Math.max(0, 20 - 15 * (t - 1.5))))).toBe(false);
    expect(sudden((t) => (t > 2 ? 20 : 0))).toBe(false);
    expect(sudden((t) => (t > 1.5 && t < 2.5 ? 20 : 0), { lost: (t) => t > 1.2 && t < 1.6 })).toBe(false);
  });
});
