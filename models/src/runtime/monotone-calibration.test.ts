import fc from 'fast-check';
import { expect, it } from 'vitest';
import { loadManifest } from './manifest.ts';
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

it('pools points that hardly rise, which would let no stranger pass right behind the last one', () => {
  const [first, second, ...rest] = monotoneCalibration([
    { far: 1e-2, cosine: 0.3 },
    { far: 1e-3, cosine: 0.4999 },
    { far: 1e-4, cosine: 0.5 },
  ]);
  expect([first, rest]).toEqual([{ far: 1e-2, cosine: 0.3 }, []]);
  expect(second?.cosine).toBeCloseTo(0.49995, 12);
  expect(second?.far).toBeCloseTo(10 ** -3.5, 12);
});

it('leaves the tables of our models as they were measured', () => {
  const embedders = loadManifest().models.flatMap(({ embedder }) => embedder ?? []);
  const tables = embedders.flatMap(({ calibration, postprocessing, formerPostprocessing = [] }) => [
    calibration,
    postprocessing?.calibration,
    ...formerPostprocessing.map((former) => former.calibration),
  ]);
  expect(tables.filter((table) => table !== undefined).length).toBeGreaterThan(1);
  for (const table of tables) if (table) expect(monotoneCalibration(table)).toEqual(table);
});

it('answers monotone points, a decade at least a twentieth of the room to 1 apart, whatever it is given', () => {
  const point = fc.record({
    far: fc.constantFrom(0.1, 1e-2, 1e-3, 1e-4, 1e-5),
    cosine: fc.double({ min: -1, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(point, { minLength: 1 }), (points) => {
      const pooled = monotoneCalibration(points);
      expect(pooled.length).toBeGreaterThan(0);
      for (const [at, { far, cosine }] of pooled.slice(1).entries()) {
        const before = pooled[at] as (typeof pooled)[number];
        expect(far).toBeLessThan(before.far);
        expect(cosine).toBeGreaterThan(before.cosine);
        const decades = Math.log10(before.far / far);
        expect(cosine - before.cosine).toBeGreaterThanOrEqual((decades * (1 - before.cosine)) / 20 - 1e-12);
      }
    }),
  );
});
