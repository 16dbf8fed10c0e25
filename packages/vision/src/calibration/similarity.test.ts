import { loadManifest } from '@openfrs/models';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CalibrationAnchors, calibrationAnchors, similarityCurve } from './similarity.ts';

describe.each([
  [0.25, undefined],
  [0.42, 0.244],
  [0.6, 0.5],
  [0.941, 0.91],
])('similarity with 1 in 10,000 strangers at cosine %f, 1 in 100 at %f', (c0, c2) => {
  const { similarity, cosine } = similarityCurve({ cosineAtFar1e4: c0, cosineAtFar1e2: c2 });

  it('means the same for every model: 0.70 at 1 in 100', () => {
    if (c2 !== undefined) expect(Math.abs(similarity(c2) - 0.69)).toBeLessThan(0.01);
  });

  it('is 0.93 there, 0 at -1 and 1 at 1', () => {
    expect(similarity(c0)).toBeCloseTo(0.93, 9);
    expect(similarity(-1)).toBe(0);
    expect(similarity(1)).toBe(1);
  });

  it('is 1 for a vector and itself, whatever float32 rounding makes of it', () => {
    expect(similarity(0.9999995)).toBe(1);
    expect(similarity(1.0000002)).toBe(1);
  });

  it('grows strictly with the cosine and stays in [0, 1]', () => {
    let before = -1;
    for (let step = 0; step <= 2000; step += 1) {
      const value = similarity(-1 + step / 1000);
      expect(value).toBeGreaterThan(before);
      expect(value).toBeLessThanOrEqual(1);
      before = value;
    }
  });

  it('is inverted by cosine', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.0001, max: 0.9999, noNaN: true }), (value) => {
        fc.pre(value < similarity(0.999));
        expect(similarity(cosine(value))).toBeCloseTo(value, 9);
      }),
    );
  });

  it('lets everything pass at a threshold of 0 and identical vectors at 1', () => {
    expect(cosine(0)).toBe(-1);
    expect(cosine(-3)).toBe(-1);
    expect(similarity(cosine(1))).toBe(1);
  });
});

it('is no step where one in 100 and one in 10,000 strangers were measured at nearly one cosine', () => {
  const { similarity } = similarityCurve({ cosineAtFar1e4: 0.5, cosineAtFar1e2: 0.4999 });
  expect(similarity(0.49)).toBeGreaterThan(0.9);
  expect(similarity(0.51)).toBeLessThan(0.95);
});

describe.each(loadManifest().models.filter(({ embedder }) => embedder))('the table of $id', (entry) => {
  it('is of its own curve, from one in 100 to one in 100,000', () => {
    const { similarity } = similarityCurve(calibrationAnchors(entry) as CalibrationAnchors);
    const marks = entry.embedder?.calibration ?? [];
    expect(marks.map(({ far }) => far)).toEqual([1e-2, 1e-3, 1e-4, 1e-5]);
    for (const mark of marks) expect(mark.similarity).toBeCloseTo(similarity(mark.cosine), 3);
  });
});
