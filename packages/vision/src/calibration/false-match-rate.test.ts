import { loadManifest } from '@openfrs/models';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { embeddingsOf } from '../embedding/embeddings.ts';
import { falseMatchRateThrough } from './false-match-rate.ts';

const embeddings = loadManifest()
  .models.filter(({ role }) => role === 'embedder')
  .flatMap((entry) => embeddingsOf(entry).map((model) => [model.id, model] as const));

describe.each(embeddings)('the false match rate of %s', (_, model) => {
  it('is 1 in 10,000 at similarity .93, and about 1 in 100 at .70', () => {
    expect(model.falseMatchRate(model.cosine(0.93))).toBeCloseTo(1e-4, 6);
    expect(model.falseMatchRate(model.cosine(0.7))).toBeGreaterThan(0.008);
    expect(model.falseMatchRate(model.cosine(0.7))).toBeLessThan(0.011);
  });

  it('falls with the cosine, stays within (0, 1], and is inverted', () => {
    fc.assert(
      fc.property(fc.double({ min: -1, max: 1, noNaN: true }), (cosine) => {
        const rate = model.falseMatchRate(cosine);
        expect(rate).toBeGreaterThan(0);
        expect(rate).toBeLessThanOrEqual(1);
        expect(model.falseMatchRate(Math.min(1, cosine + 0.01))).toBeLessThanOrEqual(rate);
        if (rate < 1) expect(model.cosineAtFalseMatchRate(rate)).toBeCloseTo(cosine, 9);
      }),
    );
  });
});

it('goes on beyond what was measured as it did last', () => {
  const { falseMatchRate, cosineAtFalseMatchRate } = falseMatchRateThrough([
    { far: 1e-2, cosine: 0.2 },
    { far: 1e-4, cosine: 0.4 },
    { far: 1e-5, cosine: 0.45 },
  ]);
  expect(falseMatchRate(0.5)).toBeCloseTo(1e-6, 9);
  expect(falseMatchRate(0.1)).toBeCloseTo(1e-1, 9);
  expect(cosineAtFalseMatchRate(1e-7)).toBeCloseTo(0.55, 9);
});

it.each([
  ['one cosine', 0.5],
  ['nearly one cosine', 0.4999],
])(
  'says of strangers what it should where two rates were measured at %s, as few pairs have it',
  (_, cosine) => {
    const entry = loadManifest().models.find(({ role }) => role === 'embedder');
    const [model] = entry?.embedder
      ? embeddingsOf({
          ...entry,
          embedder: {
            dimension: 128,
            cosineAtFar1e4: 0.5,
            calibration: [
              { far: 1e-2, cosine: 0.3, similarity: 0.7 },
              { far: 1e-3, cosine, similarity: 0.93 },
              { far: 1e-4, cosine: 0.5, similarity: 0.93 },
            ],
          },
        })
      : [];
    if (model === undefined) throw new Error('no embedder');
    const thresholds = [1e-3, 1e-4, 1e-5, 1e-6].map((rate) => model.cosineAtFalseMatchRate(rate));
    expect(thresholds).toEqual([...thresholds].sort((a, b) => a - b));
    // Both are one point at 10^-3.5: 2.5 decades further, each of 0.2 / 1.5.
    expect(thresholds[3]).toBeCloseTo(0.5 + (2.5 * 0.2) / 1.5, 3);
    expect(model.falseMatchRate(0.51)).toBeGreaterThan(1e-4);
    for (const at of [0, 0.4, 0.5, 0.6, 0.9])
      expect(model.falseMatchRate(at + 0.05)).toBeLessThan(model.falseMatchRate(at) + 1e-15);
  },
);
