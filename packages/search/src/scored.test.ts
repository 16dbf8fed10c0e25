import { runToEnd } from '@openfrs/contract/steps';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { byCosine, Scored } from './scored.ts';

const some = fc.uniqueArray(
  fc.record({
    number: fc.nat({ max: 1000 }),
    // Few different ones, so that many tie, also at the last place.
    cosine: fc.constantFrom(-1, -0.5, -0, 0, 0.1, 0.1 + 2 ** -55, 0.7, 0.7 + 2 ** -53, 1),
  }),
  { selector: ({ number }) => number, maxLength: 60 },
);

it('are the best of all in order, ties by number, as a sort of all gives them', () => {
  fc.assert(
    fc.property(
      some,
      fc.integer({ min: 1, max: 70 }),
      fc.constantFrom(-1, 0, 0.1, 0.8),
      (all, topN, least) => {
        const scored = new Scored(all.length);
        for (const { number, cosine } of all) scored.add(number, cosine);
        const expected = all.filter(({ cosine }) => cosine >= least).sort(byCosine);
        expect(runToEnd(scored.best(topN, least))).toEqual(expected.slice(0, topN));
      },
    ),
    { numRuns: 2000 },
  );
});

it('are the same of so many that they are put in order in steps', () => {
  const scored = new Scored(50_000);
  const all = Array.from({ length: 50_000 }, (_, i) => ({
    number: (i * 7919) % 50_000,
    cosine: (i % 5) / 10,
  }));
  for (const { number, cosine } of all) scored.add(number, cosine);
  expect(runToEnd(scored.best(1000, 0.2))).toEqual(all.sort(byCosine).slice(0, 1000));
});
