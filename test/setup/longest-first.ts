import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that took twenty seconds and more in a whole run, the longest first. Others follow by size, as Vitest has it. */
export const longTests = [
  'test/browser/pages.test.ts',
  'packages/server/src/vision/pool.test.ts',
  'test/security/security.test.ts',
  'test/contract/contract.test.ts',
  'packages/store/test/steps.test.ts',
  'test/packages/packages.test.ts',
  'test/e2e/npm-start.test.ts',
  'packages/liveness/src/create-liveness.test.ts',
  'test/docs/documentation.test.ts',
  'test/security/mutations.test.ts',
  'packages/video/src/create-decoder.test.ts',
  'test/clients/command-line.test.ts',
  'packages/embedded/test/damage.test.ts',
  'packages/store/test/power-cuts/power-cuts.test.ts',
  'packages/vision/src/create-vision.test.ts',
  'test/security/faults.test.ts',
  'test/e2e/privacy.test.ts',
  'test/e2e/serve.test.ts',
  'test/security/disk-full.test.ts',
  'packages/cli/src/commands/model-eval.test.ts',
  'test/contract/fuzz.test.ts',
  'packages/video/src/false-headers.test.ts',
  'test/e2e/engines.test.ts',
  'test/clients/operator.test.ts',
  'test/e2e/enrol-upload.test.ts',
  'test/e2e/find-again.test.ts',
  'packages/store/test/histories.test.ts',
];

/**
 * Starts the longest files first: a long one begun last would leave the other cores idle until it ends. Last come those that share a
 * process, project after project: a process ends where the next file is another project's.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const shared = [...new Set(files.map(({ project }) => project))].filter(({ config }) => !config.isolate);
    const rank = ({ moduleId, project }: TestSpecification) => {
      if (!project.config.isolate) return longTests.length + 1 + shared.indexOf(project);
      const at = longTests.findIndex((name) => moduleId.endsWith(name));
      return at === -1 ? longTests.length : at;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
