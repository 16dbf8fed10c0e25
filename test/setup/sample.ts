import type { TestProject } from 'vitest/node';

/** What a run draws of the large matrices (packages/testing/src/sample.ts): by the seed it was given, or by a new one. */
export function sampleOfRun(): { readonly FRS_TEST_SAMPLE: string } {
  const given = process.env.FRS_TEST_SAMPLE;
  const seed = String(Math.floor(Math.random() * 2 ** 31));
  return { FRS_TEST_SAMPLE: given === 'all' ? `all:${seed}` : given || seed };
}

/** Prints what repeats the run's draws. */
export default function setup({ config }: TestProject): void {
  console.log(`FRS_TEST_SAMPLE=${config.env.FRS_TEST_SAMPLE} repeats what this run draws of large matrices`);
}
