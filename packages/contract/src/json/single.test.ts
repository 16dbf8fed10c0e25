import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shortestSingle } from './single.ts';

const single = fc.float({ noNaN: true, noDefaultInfinity: true });
const digitsOf = (value: number) =>
  value
    .toExponential()
    .replace(/e.*|[-.]/g, '')
    .replace(/0+$/, '').length;

describe('a single as the shortest decimal that reads back to it', () => {
  it.each([3.14, 0.1, 0.3, 1.5, 16777216, 1e-45, 3.4028235e38, -2.7182817, 1.1754944e-38, 1e-44])(
    '%d',
    (value) => {
      expect(shortestSingle(Math.fround(value))).toBe(value);
    },
  );

  it('reads back, for any single', () =>
    fc.assert(
      fc.property(single, (value) => {
        expect(Math.fround(shortestSingle(value))).toBe(value);
      }),
      { numRuns: 5000 },
    ));

  it('has no more digits than any decimal that reads back to it', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: -99_999, max: 99_999 }),
        fc.integer({ min: -40, max: 33 }),
        (digits, exponent) => {
          const written = Number(`${digits}e${exponent}`);
          expect(digitsOf(shortestSingle(Math.fround(written)))).toBeLessThanOrEqual(digitsOf(written));
        },
      ),
      { numRuns: 5000 },
    ));

  it('has nine digits at most, also at powers of two', () => {
    for (let power = -149; power <= 127; power++) {
      const value = 2 ** power;
      expect(Math.fround(shortestSingle(value))).toBe(value);
      expect(digitsOf(shortestSingle(value))).toBeLessThanOrEqual(9);
    }
  });

  it.each([0, -0, Infinity, -Infinity, NaN])('%d stays', (value) =>
    expect(shortestSingle(value)).toBe(value),
  );
});
