import { describe, expect, it } from 'vitest';
import { sampled, toPixel } from '../tracking/face-view.ts';
import {
  comparePair,
  countedPlaces,
  loadPair,
  type Pair,
  registrationSide,
  stepSums,
  termsAtPixels,
} from './planar-kernel.ts';
import { identityWarp, width } from './planar-warp.ts';
import { productOf, products, terms } from './polynomial-warp.ts';

const patch = (value: (x: number, y: number) => number) =>
  Float32Array.from({ length: registrationSide ** 2 }, (_, at) =>
    value(at % registrationSide, Math.floor(at / registrationSide)),
  );
const from = patch((x, y) =>
  x < 9 ? Number.NaN : 120 + 60 * Math.sin(0.3 * x) + 30 * Math.cos(0.2 * x * y),
);
const to = patch((x, y) =>
  y > 38 ? Number.NaN : 110 + 50 * Math.sin(0.3 * x + 0.1) + 20 * Math.cos(0.1 * y),
);
const depth = Float64Array.from(countedPlaces, ([x, y]) => Math.exp(-(x * x + y * y) / 0.1));
const warp = identityWarp.map((value, i) => value + 0.02 * Math.sin(7 * i));
const greyMap = { gain: 0.8, meanFrom: 118, meanTo: 112 };

interface Seen {
  readonly p: number;
  readonly a: number;
  readonly b: number;
  readonly dx: number;
  readonly dy: number;
}

/** What corresponds, pixel by pixel, as its definition has it. */
function seenPlainly(pair: Pair): Seen[] {
  const value = (x: number, y: number) => sampled(pair.from, registrationSide, x, y);
  return countedPlaces.flatMap(([column, row], p) => {
    const b = pair.to[
      Math.round(toPixel(row, registrationSide)) * registrationSide +
        Math.round(toPixel(column, registrationSide))
    ] as number;
    const coordinate = (axis: 0 | 1) =>
      Array.from({ length: terms }, (_, i) => i).reduce(
        (sum, i) => sum + (warp[axis * width + i] as number) * (termsAtPixels[p * terms + i] as number),
        (warp[axis * width + terms] as number) * (pair.depth?.[p] ?? 0),
      );
    const [x, y] = [toPixel(coordinate(0), registrationSide), toPixel(coordinate(1), registrationSide)];
    const far = registrationSide - 2;
    if (!(x >= 1 && y >= 1 && x < far && y < far)) return [];
    const [a, half] = [value(x, y), registrationSide / 2];
    const dx = ((value(x + 1, y) - value(x - 1, y)) / 2) * half;
    const dy = ((value(x, y + 1) - value(x, y - 1)) / 2) * half;
    return Number.isNaN(a + dx + dy + b) ? [] : [{ p, a, b, dx, dy }];
  });
}

const total = (seen: readonly Seen[], value: (one: Seen) => number) =>
  seen.reduce((sum, one) => sum + value(one), 0);

describe.each([
  ['flat', { from, to }],
  ['with depth', { from, to, depth }],
] as const)('a pair, %s', (_name, pair: Pair) => {
  const seen = seenPlainly(pair);
  const compare = () => {
    loadPair(pair);
    return comparePair(pair, warp, 1);
  };

  it('corresponds where both show a face', () => {
    const compared = compare();
    expect(compared.seen.n).toBe(seen.length);
    expect(seen.length).toBeGreaterThan(400);
    expect(compared.counted).toBeGreaterThan(seen.length);
    expect(compared.sums.a).toBeCloseTo(
      total(seen, ({ a }) => a),
      6,
    );
    expect(compared.sums.b).toBeCloseTo(
      total(seen, ({ b }) => b),
      6,
    );
    expect(compared.sums.aa).toBeCloseTo(
      total(seen, ({ a }) => a * a),
      4,
    );
    expect(compared.sums.bb).toBeCloseTo(
      total(seen, ({ b }) => b * b),
      4,
    );
    expect(compared.sums.ab).toBeCloseTo(
      total(seen, ({ a, b }) => a * b),
      4,
    );
  });

  it('has the sums of the normal equations', () => {
    const sums = stepSums(pair, compare().seen, greyMap);
    const used = pair.depth === undefined ? terms : terms + 1;
    const weightOf = ({ p }: Seen, i: number) =>
      i < terms ? (termsAtPixels[p * terms + i] as number) : (pair.depth?.[p] as number);
    const { gain, meanFrom, meanTo } = greyMap;
    const slopes = ({ dx, dy }: Seen) => [gain * dx, gain * dy] as const;
    const squares = [
      (one: Seen) => slopes(one)[0] ** 2,
      (one: Seen) => slopes(one)[0] * slopes(one)[1],
      (one: Seen) => slopes(one)[1] ** 2,
    ];
    const near = (found: number | undefined, value: (one: Seen) => number) =>
      expect(found).toBeCloseTo(total(seen, value), 3);
    for (let i = 0; i < terms; i++)
      for (let k = 0; k <= i; k++)
        for (const [axes, square] of squares.entries())
          near(
            sums.products[3 * productOf(i, k) + axes],
            (one) => square(one) * weightOf(one, i) * weightOf(one, k),
          );
    for (let i = 0; i < used; i++) {
      for (const axis of [0, 1] as const)
        near(
          sums.right[2 * i + axis],
          (one) => slopes(one)[axis] * weightOf(one, i) * (one.b - meanTo - gain * (one.a - meanFrom)),
        );
      for (const [axes, square] of squares.entries())
        if (pair.depth !== undefined)
          near(sums.depth[3 * i + axes], (one) => square(one) * weightOf(one, i) * weightOf(one, terms));
    }
    expect(sums.products.length).toBeGreaterThanOrEqual(3 * products);
  });
});
