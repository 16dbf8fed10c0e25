import { configDefaults, defineConfig } from 'vitest/config';
import { compiledThreads } from './test/setup/compiled-threads.ts';
import { LongestFirst, longTests } from './test/setup/longest-first.ts';
import { sampleOfRun } from './test/setup/sample.ts';

// What would be deployed has its own command: `npm run check:cloud`.
const exclude = [...configDefaults.exclude, 'test/cloud/**'];
/** Tests without processes, models and stores of their own. */
const light = [
  'packages/{client,console/site,contract,core,infra,testing}/**/*.test.ts',
  // These look at the memory of a process.
  'packages/search/**/!(kernel|resident-memory).test.ts',
  'packages/cli/src/{enrol,files}/*.test.ts',
  'packages/http/src/{hold-media,metrics,multipart,read-pieces}.test.ts',
  'packages/http/src/admission/!(admission|body-queue).test.ts',
  'packages/liveness/src/{actions,report}/*.test.ts',
  'packages/liveness/src/{continuity,decision,judge-photo}.test.ts',
  'packages/liveness/src/pad/{frame-swap,fusion,mean-live,planar-motion}.test.ts',
  'packages/store/src/{dynamodb,face-sets}/**/*.test.ts',
  'packages/video/src/{decode,file-end,probe,sniff}.test.ts',
  'packages/vision/src/{calibration,geometry}/*.test.ts',
  'models/src/build/{convert,onnx,tfjs}/*.test.ts',
  'models/src/runtime/{manifest,monotone-calibration}.test.ts',
  'test/repository/{comments,docstrings,environment,imports,licence,longest-first,page-imports,quick-start}.test.ts',
];
/** Tests that need a process of their own, and why. */
const alone = [
  // Long: what they hold is gone before the next one begins.
  ...longTests,
  // What goes across packages: whole services, and processes that they start.
  'test/{browser,clients,contract,e2e,packages,security}/**/*.test.ts',
  'test/docs/commands.test.ts',
  // They kill processes that they start.
  'packages/embedded/test/crash.test.ts',
  'packages/store/test/kill.test.ts',
  // They measure the memory of their process.
  'packages/http/src/inputs.test.ts',
  'packages/search/src/kernel/kernel.test.ts',
  'packages/search/test/resident-memory.test.ts',
  'packages/server/src/memory/idle-collection.test.ts',
  // A module is replaced in all who import it.
  'packages/http/src/docs.test.ts',
  // Another project's code, which sets globals of the process.
  'models/test/golden-*.test.ts',
  // OpenTelemetry is registered, and onnxruntime and its models loaded, once a process.
  'packages/server/src/tracing/*.test.ts',
  'test/repository/{models,telemetry}.test.ts',
];

export default defineConfig({
  plugins: [compiledThreads()],
  test: {
    env: {
      // Suites that send thousands of requests to be refused would wait for their responses.
      FRS_REFUSALS_PER_SECOND: '100000',
      ...sampleOfRun(),
    },
    // A module that several projects import is transformed once; the next run takes it from the cache.
    experimental: { fsModuleCache: true, fsModuleCachePath: 'node_modules/.cache/openfrs-vitest' },
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
    projects: [
      // Files of one worker share modules and the process: what they import is read and compiled once.
      {
        extends: true,
        test: { name: 'light', include: light, isolate: false, setupFiles: ['test/setup/take-back.ts'] },
      },
      {
        extends: true,
        test: {
          name: 'shared',
          include: ['{packages/*,functions,models,layers}/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: [...exclude, ...light, ...alone],
          isolate: false,
          setupFiles: ['test/setup/take-back.ts'],
          globalSetup: ['test/setup/models.ts', 'test/setup/sample.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'alone',
          include: alone,
          exclude,
          globalSetup: ['test/setup/models.ts', 'test/setup/sample.ts'],
        },
      },
    ],
  },
});
