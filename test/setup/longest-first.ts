import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take half a minute and more on an idle machine, the longest first. Others follow by size, as Vitest has it. */
export const longTests = [
  'test/security/security.test.ts',
  'test/e2e/npm-start.test.ts',
  'packages/liveness/src/create-liveness.test.ts',
  'packages/store/test/steps.test.ts',
  'test/security/mutations.test.ts',
  'test/browser/pages.test.ts',
  'test/contract/contract.test.ts',
  'packages/video/src/create-decoder.test.ts',
  'packages/server/src/vision/pool.test.ts',
  'test/docs/documentation.test.ts',
  'test/security/faults.test.ts',
  'packages/store/test/histories.test.ts',
  'packages/embedded/test/damage.test.ts',
  'test/security/disk-full.test.ts',
  'test/contract/fuzz.test.ts',
  'models/test/golden-tfjs.test.ts',
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
