import { configDefaults, defineConfig } from 'vitest/config';
import { LongestFirst } from './test/setup/longest-first.ts';

export default defineConfig({
  test: {
    include: ['{packages/*,functions,models,layers}/**/*.test.ts', 'test/**/*.test.ts'],
    // What would be deployed has its own command: `npm run check:cloud`.
    exclude: [...configDefaults.exclude, 'test/cloud/**'],
    globalSetup: ['test/setup/models.ts'],
    // Suites that send thousands of requests to be refused would wait for their responses.
    env: { FRS_REFUSALS_PER_SECOND: '100000' },
    // Two cores: the models and the stores are real, so more workers than cores only make each test slower.
    maxWorkers: 2,
    pool: 'forks',
    sequence: { sequencer: LongestFirst },
    // The service's audit line of each request would bury what the tests say.
    onConsoleLog: (text) => !text.startsWith('{"level":"audit"'),
    testTimeout: 120_000,
    // What is waited for comes; how soon is the machine's affair.
    expect: { poll: { timeout: 40_000 } },
    hookTimeout: 180_000,
  },
});
