import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calibrationOf } from './calibration.ts';
import { bestAccuracy, cosineAtFar, curveOf, shareAbove } from './roc.ts';

/** Evenly spread scores between two bounds. */
const spread = (count: number, low: number, high: number) =>
  Float32Array.from({ length: count }, (_, index) => low + ((high - low) * (index + 0.5)) / count);

describe('rates', () => {
  it('of even scores are where they must be', () => {
    const strangers = spread(1000, 0, 1);
    expect(cosineAtFar(strangers, 0.01)).toBeCloseTo(0.99, 2);
    expect(shareAbove(spread(100, 0.5, 1.5), 0.99)).toBeCloseTo(0.51, 2);
  });

  it('pass no more strangers than asked for', () => {
    const scores = fc.float32Array({ min: -1, max: 1, noNaN: true, minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(scores, fc.double({ min: 1e-5, max: 0.5, noNaN: true }), (strangers, far) => {
        expect(shareAbove(strangers, cosineAtFar(strangers, far))).toBeLessThanOrEqual(far);
      }),
    );
  });

  it('of a perfect and of a useless embedder', () => {
    const [low, high] = [spread(200, -0.2, 0.3), spread(50, 0.4, 0.9)];
    expect(curveOf(high, low).auc).toBe(1);
    expect(bestAccuracy(high, low)).toBe(1);
    expect(curveOf(spread(400, 0, 1), spread(400, 0, 1)).auc).toBeCloseTo(0.5, 2);
    expect(curveOf(low, high).auc).toBe(0);
  });
});

describe('a calibration', () => {
  it('is 0.93 at one in 10,000, and grows with the cosine', () => {
    const measured = calibrationOf(spread(200_000, -0.4, 0.5));
    const marks = measured?.calibration ?? [];
    expect(marks.map(({ far }) => far)).toEqual([1e-2, 1e-3, 1e-4, 1e-5]);
    const at = marks.find(({ far }) => far === 1e-4);
    expect(at?.cosine).toBe(measured?.cosineAtFar1e4);
    expect(at?.similarity).toBe(0.93);
    for (const [index, mark] of marks.entries()) {
      if (index === 0) continue;
      expect(mark.cosine).toBeGreaterThanOrEqual(marks[index - 1]?.cosine ?? 1);
      expect(mark.similarity).toBeGreaterThanOrEqual(marks[index - 1]?.similarity ?? 1);
    }
  });

  it('claims only the rates that the pairs can show', () => {
    expect(calibrationOf(spread(9_999, 0, 0.5))).toBeUndefined();
    expect(calibrationOf(spread(10_000, 0, 0.5))?.calibration.map(({ far }) => far)).toEqual([
      1e-2, 1e-3, 1e-4,
    ]);
  });
});
