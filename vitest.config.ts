import { configDefaults, defineConfig } from 'vitest/config';
import { LongestFirst } from './test/setup/longest-first.ts';
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

export default defineConfig({
  test: {
    env: {
      // Suites that send thousands of requests to be refused would wait for their responses.
      FRS_REFUSALS_PER_SECOND: '100000',
      ...sampleOfRun(),
    },
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
      // These change nothing of their process that another file sees: files of one worker share modules and the process.
      { extends: true, test: { name: 'light', include: light, isolate: false } },
      {
        extends: true,
        test: {
          name: 'whole',
          include: ['{packages/*,functions,models,layers}/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: [...exclude, ...light],
          globalSetup: ['test/setup/models.ts', 'test/setup/sample.ts'],
        },
      },
    ],
  },
});
