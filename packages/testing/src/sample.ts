import { seeded } from './faults.ts';

/**
 * FRS_TEST_SAMPLE: the seed that a run's cases are drawn by, or `all:` and a seed, which plays every case and draws only what has no
 * end (`vitest.config.ts` and `.ci/run` draw a seed where none is given).
 */
const setting = process.env.FRS_TEST_SAMPLE || '1';
const isWhole = (of: string) => /^all(:|$)/.test(of);

/** How much of something endless a run tries: `few`, or `many` where every case is played. */
export const amount = (few: number, many: number): number => (isWhole(setting) ? many : few);

/** The seed, below 2^31, of something endless in this run: another one for each `name` and each FRS_TEST_SAMPLE. */
export const seedOf = (name: string, seed = setting): number => hashOf(`${seed}/${name}`) >>> 1;

/**
 * The cases of a matrix that this run plays, in their order: all of them, or `each` of every class, so that no class of fault
 * is left out of any run. What is drawn depends on the seed and on the names of the classes only.
 */
export function sampled<Case>(
  cases: readonly Case[],
  classOf: (one: Case, at: number) => string,
  { each = 1, seed = setting }: { readonly each?: number; readonly seed?: string } = {},
): Case[] {
  if (isWhole(seed)) return [...cases];
  const classes = new Map<string, number[]>();
  for (const [at, one] of cases.entries()) {
    const name = classOf(one, at);
    classes.set(name, [...(classes.get(name) ?? []), at]);
  }
  const chosen = new Set([...classes].flatMap(([name, places]) => drawn(places, each, `${seed}/${name}`)));
  return cases.filter((_, at) => chosen.has(at));
}

/** `count` of the places, all of them as likely. */
function drawn(places: readonly number[], count: number, seed: string): number[] {
  const random = seeded(hashOf(seed));
  const left = [...places];
  return Array.from({ length: Math.min(count, left.length) }, () => {
    const [one = 0] = left.splice(Math.floor(random() * left.length), 1);
    return one;
  });
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}
