import { expect, it } from 'vitest';
import { errorVersusDiscard } from './error-versus-discard.ts';

const comparisons = (isMiss: (at: number) => boolean) =>
  Array.from({ length: 1000 }, (_, at) => ({
    quality: ((at * 7) % 1000) / 1000,
    isMiss: isMiss((at * 7) % 1000),
  }));

it('of a quality that foretells the errors, they are gone as soon as so many are discarded', () => {
  const results = errorVersusDiscard(comparisons((rank) => rank < 50));
  expect(results.map(({ discarded, fnmr }) => [discarded, Number(fnmr.toFixed(4))])).toEqual([
    [0, 0.05],
    [0.01, 0.0404],
    [0.02, 0.0306],
    [0.05, 0],
    [0.1, 0],
    [0.2, 0],
    [0.3, 0],
  ]);
  expect(results[3]).toMatchObject({ quality: 0.05, comparisons: 950 });
});

it('of a quality that tells nothing, the error stays', () => {
  for (const {
    fnmr,
    fnmr_95: [low, high],
  } of errorVersusDiscard(comparisons((rank) => rank % 20 === 3))) {
    expect(fnmr).toBeCloseTo(0.05, 2);
    expect([low < fnmr, fnmr < high]).toEqual([true, true]);
  }
});

it('of nothing is nothing', () => expect(errorVersusDiscard([])).toEqual([]));
