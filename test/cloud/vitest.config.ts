import { defineConfig } from 'vitest/config';
import { sampleOfRun } from '../setup/sample.ts';

/** `npm run check:cloud`: what `sst deploy` would set up, and its functions as Lambda runs them. Linux only. */
export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['test/cloud/*.cloud.test.ts'],
    globalSetup: ['test/cloud/setup.ts', 'test/setup/sample.ts'],
    env: sampleOfRun(),
    // SST keeps its work in one folder, and each of these starts many processes.
    fileParallelism: false,
    pool: 'forks',
    onConsoleLog: (text) => !text.startsWith('{"level":"audit"'),
    testTimeout: 120_000,
    hookTimeout: 300_000,
  },
});
