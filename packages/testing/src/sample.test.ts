import { describe, expect, it } from 'vitest';
import { sampled, seedOf } from './sample.ts';

/** Ten classes of six cases. */
const cases = Array.from({ length: 60 }, (_, at) => ({ name: `class ${at % 10}`, at }));
const classOf = ({ name }: (typeof cases)[number]) => name;
const seeds = Array.from({ length: 200 }, (_, at) => String(at));

describe('the sample of a matrix', () => {
  it('has of every class as many cases as asked for, in the order of the matrix', () => {
    for (const seed of seeds) {
      const drawn = sampled(cases, classOf, { each: 2, seed });
      expect(drawn).toHaveLength(20);
      expect(new Set(drawn.map(classOf)).size).toBe(10);
      expect(drawn.map(({ at }) => at)).toEqual(drawn.map(({ at }) => at).sort((a, b) => a - b));
    }
  });

  it('is the same for a seed, and reaches every case by some seed', () => {
    const draws = seeds.map((seed) => sampled(cases, classOf, { seed }));
    expect(sampled(cases, classOf, { seed: '7' })).toEqual(draws[7]);
    expect(new Set(draws.flat()).size).toBe(60);
  });

  it('is the whole matrix where all is asked for, and a small class as it is', () => {
    expect(sampled(cases, classOf, { seed: 'all' })).toEqual(cases);
    expect(sampled(cases, classOf, { seed: 'all:7' })).toEqual(cases);
    expect(sampled(cases.slice(0, 10), classOf, { each: 5, seed: '1' })).toEqual(cases.slice(0, 10));
  });

  it('leaves to what has no end a seed that is another one for each run and each name', () => {
    const drawn = [...seeds, ...seeds.map((seed) => `all:${seed}`)].flatMap((seed) => [
      seedOf('clips', seed),
      seedOf('pictures', seed),
    ]);
    expect(new Set(drawn).size).toBe(drawn.length);
    expect(drawn.every((seed) => Number.isInteger(seed) && seed >= 0 && seed < 2 ** 31)).toBe(true);
    expect(seedOf('clips', '7')).toBe(drawn[14]);
    // Numbers of consecutive clips stay apart, so that each clip's kind is drawn, too.
    expect(new Set(seeds.map((seed) => seedOf('clips', seed) % 15)).size).toBe(15);
  });
});
