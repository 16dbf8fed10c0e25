import { describe, expect, it } from 'vitest';
import { confidenceOf, distanceOf, fusedScore, liveLogit } from './fusion.ts';

describe('what anti-spoof models say together', () => {
  it('is the log odds of the live label against all others, however many', () => {
    expect(liveLogit([0.2, 0.6, 0.2], 1)).toBeCloseTo(Math.log(0.6 / 0.4), 6);
    expect(liveLogit([0.5, 0.5], 0)).toBeCloseTo(0, 6);
  });

  it('is bounded where float32 probabilities end', () => {
    expect(liveLogit([1, 0, 0], 0)).toBe(12);
    expect(liveLogit([0, 1, 0], 0)).toBe(-12);
  });

  it('counts each model in its own unit: a sure one does not outvote a careful one', () => {
    const scales = [
      { mean: 9, deviation: 3 },
      { mean: 1, deviation: 0.5 },
    ];
    // Both two deviations below what living faces have.
    expect(fusedScore([3, 0], scales)).toBeCloseTo(-2);
    // One doubts as much as the other trusts.
    expect(fusedScore([6, 1.5], scales)).toBeCloseTo(0);
  });

  it('is .5 at the threshold, and comes back from its confidence', () => {
    expect(confidenceOf(0)).toBe(0.5);
    expect(confidenceOf(1)).toBeCloseTo(0.88, 2);
    for (const distance of [-3, -0.2, 0, 0.7, 4])
      expect(distanceOf(confidenceOf(distance))).toBeCloseTo(distance);
    expect(Number.isFinite(distanceOf(0))).toBe(true);
    expect(Number.isFinite(distanceOf(1))).toBe(true);
  });
});
