import fc from 'fast-check';
import { expect, it } from 'vitest';
import { judge } from './flatness.ts';

const bounds = { share: 0.1, slack: 10 };
const hour = (value: (minute: number) => number) =>
  Array.from({ length: 60 }, (_, minute) => [minute * 60, value(minute)] as const);

it('what warms up and then swings about one level is flat', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -40, max: 40 }), { minLength: 60, maxLength: 60 }), (noise) => {
      const series = hour((minute) => (minute < 10 ? minute * 100 : 1000) + (noise[minute] ?? 0));
      expect(judge(series, bounds).flat).toBe(true);
    }),
  );
});

it('a saw of any period whose teeth return to the same level is flat', () => {
  const series = hour((minute) => 500 + (minute % 7) * 60);
  expect(judge(series, bounds).flat).toBe(true);
});

it('what grows by a fifth within the hour is not flat, under noise of that height too', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 60, maxLength: 60 }), (noise) => {
      const series = hour((minute) => 1000 + minute * 8 + (noise[minute] ?? 0));
      const verdict = judge(series, bounds);
      expect(verdict.flat).toBe(false);
      expect(verdict.perHour).toBeGreaterThan(300);
    }),
  );
});

it('a shrinking figure is flat, and one of a few handles more', () => {
  expect(
    judge(
      hour((minute) => 1000 - minute * 5),
      bounds,
    ).flat,
  ).toBe(true);
  expect(
    judge(
      hour((minute) => 20 + minute / 10),
      bounds,
    ).flat,
  ).toBe(true);
});
