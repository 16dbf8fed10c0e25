import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(root, '.github/workflows');

interface Job {
  readonly needs?: string | readonly string[];
  readonly permissions?: Readonly<Record<string, string>>;
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly string[]>> };
  readonly steps: readonly { readonly run?: string; readonly uses?: string; readonly with?: object }[];
}
interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}
const read = (file: string) => parse(readFileSync(join(folder, file), 'utf8')) as Workflow;
const runs = ({ steps }: Job) => steps.flatMap(({ run }) => run ?? []);

describe.each(readdirSync(folder))('%s', (file) => {
  const { jobs, permissions } = read(file);

  test('may read only, where a job does not say more', () => {
    expect(permissions).toEqual({ contents: 'read' });
  });

  test('runs scripts that there are, and jobs after jobs that there are', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object };
    for (const job of Object.values(jobs)) {
      for (const run of [...runs(job), ...job.steps.map((step) => JSON.stringify(step.with ?? {}))]) {
        for (const [, script = ''] of run.matchAll(/npm run (?:--silent )?([\w:]+)/g)) {
          expect(scripts).toHaveProperty([script]);
        }
      }
      for (const need of [job.needs ?? []].flat()) expect(jobs).toHaveProperty([need]);
    }
  });
});

test('changes and releases pass .ci/run, changes on every Node and processor that is supported', () => {
  const { run } = read('ci.yml').jobs;
  expect(run?.strategy?.matrix).toEqual({
    node: ['20.19', '22', '24'],
    machine: ['ubuntu-24.04', 'ubuntu-24.04-arm'],
  });
  expect(runs(run as Job)).toContain('.ci/run');
  const { ci, packages, image, release } = read('release.yml').jobs;
  expect(runs(ci as Job)).toContain('.ci/run');
  for (const job of [packages, image]) expect(job?.needs).toContain('ci');
  expect(release?.needs).toEqual(expect.arrayContaining(['packages', 'image']));
  expect(packages?.permissions).toMatchObject({ 'id-token': 'write' });
});
