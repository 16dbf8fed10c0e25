import fc from 'fast-check';
import { expect, it } from 'vitest';
import { monotoneCalibration } from './monotone-calibration.ts';

it('leaves points alone that rise already, and pools equal, falling and repeated ones', () => {
  const rising = [
    { far: 1e-2, cosine: 0.2 },
    { far: 1e-3, cosine: 0.3 },
    { far: 1e-4, cosine: 0.4 },
  ];
  expect(monotoneCalibration([...rising].reverse())).toEqual(rising);
  const [first, ...rest] = monotoneCalibration([
    { far: 1e-2, cosine: 0.2 },
    { far: 1e-3, cosine: 0.4 },
    { far: 1e-4, cosine: 0.4 },
    { far: 1e-5, cosine: 0.34 },
    { far: 1e-6, cosine: 0.5 },
  ]);
  expect(first).toEqual({ far: 1e-2, cosine: 0.2 });
  expect(rest).toHaveLength(2);
  expect(rest[0]?.cosine).toBeCloseTo(0.38, 12);
  expect(rest[0]?.far).toBeCloseTo(1e-4, 12);
  expect(
    monotoneCalibration([
      { far: 1e-2, cosine: 0.2 },
      { far: 1e-2, cosine: 0.3 },
    ]),
  ).toHaveLength(1);
});

it('answers strictly monotone points, whatever it is given', () => {
  const point = fc.record({
    far: fc.constantFrom(0.1, 1e-2, 1e-3, 1e-4, 1e-5),
    cosine: fc.double({ min: -1, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(point, { minLength: 1 }), (points) => {
      const pooled = monotoneCalibration(points);
      expect(pooled.length).toBeGreaterThan(0);
      for (const [at, { far, cosine }] of pooled.slice(1).entries()) {
        expect(far).toBeLessThan(pooled[at]?.far as number);
        expect(cosine).toBeGreaterThan(pooled[at]?.cosine as number);
      }
    }),
  );
});
