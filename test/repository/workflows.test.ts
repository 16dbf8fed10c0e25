import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { files } from './files.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(root, '.github/workflows');

interface Job {
  readonly needs?: string | readonly string[];
  readonly permissions?: Readonly<Record<string, string>>;
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly string[]>> };
  readonly steps: readonly {
    readonly id?: string;
    readonly run?: string;
    readonly uses?: string;
    readonly with?: object;
    readonly env?: Readonly<Record<string, string>>;
  }[];
}
interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}
const read = (file: string) => parse(readFileSync(join(folder, file), 'utf8')) as Workflow;
const runs = ({ steps }: Job) => steps.flatMap(({ run }) => run ?? []);

test.each(['nightly.yml', 'release.yml'])('%s holds what it runs against every case', (file) => {
  const steps = Object.values(read(file).jobs).flatMap((job) => job.steps);
  const whole = steps.filter(({ run }) => run === '.ci/run').map(({ env }) => env?.FRS_TEST_SAMPLE);
  expect(whole).toEqual(['all']);
});

describe.each(readdirSync(folder))('%s', (file) => {
  const { jobs, permissions } = read(file);

  test('may read only, where a job does not say more', () => {
    expect(permissions).toEqual({ contents: 'read' });
  });

  test('runs actions at a commit, which nobody can move, and where it may write no install scripts of packages', () => {
    for (const { steps, permissions: own = {} } of Object.values(jobs)) {
      const mayWrite = Object.values(own).includes('write');
      for (const { uses, run } of steps) {
        if (uses !== undefined) expect(uses).toMatch(/@[0-9a-f]{40}$/);
        if (mayWrite && run?.includes('npm ci')) expect(run).toContain('--ignore-scripts');
      }
    }
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

test('every night the matrices are played whole of which .ci/run draws a sample', () => {
  const { run } = read('nightly.yml').jobs;
  expect(run?.steps).toContainEqual({
    run: '.ci/run',
    env: expect.objectContaining({ FRS_TEST_SAMPLE: 'all' }),
  });
});

test('test/README.md names each file that plays a sample of its cases', () => {
  const readme = readFileSync(join(root, 'test/README.md'), 'utf8');
  const drawing = files.filter(
    (file) =>
      /\.ts$/.test(file) &&
      !file.startsWith('packages/testing/') &&
      /from '@openfrs\/testing\/sample'/.test(readFileSync(join(root, file), 'utf8')),
  );
  expect(drawing.length).toBeGreaterThan(5);
  expect(drawing.filter((file) => !readme.includes(`\`${file}\``))).toEqual([]);
});

describe('a release', () => {
  const folder = mkdtempSync(join(tmpdir(), 'openfrs-release-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const steps = Object.values(read('release.yml').jobs).flatMap((job) => job.steps);
  const scriptOf = (step: string) => steps.find(({ id }) => id === step)?.run ?? 'exit 9';
  const bin = join(folder, 'bin');
  const work = join(folder, 'work');
  const calls = join(folder, 'calls');
  const output = join(folder, 'output');
  const run = (script: string) =>
    execFileSync('bash', ['-e', '-c', script], {
      cwd: work,
      stdio: ['ignore', 'pipe', 'ignore'],
      encoding: 'utf8',
      env: {
        ...process.env,
        PATH: `${bin}${delimiter}${process.env.PATH}`,
        RUNNER_TEMP: folder,
        GITHUB_OUTPUT: output,
      },
    });
  const program = (name: string, text: string) =>
    writeFileSync(join(bin, name), `#!/bin/sh\necho "${name} $*" >>'${calls}'\n${text}\n`, { mode: 0o755 });
  const taken = (file: string) => {
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, '');
    return text;
  };
  for (const each of [bin, work]) mkdirSync(each);
  for (const each of [calls, output]) writeFileSync(each, '');

  test('of a change with changesets is a pull request, which publishes nothing until it is merged', () => {
    program('gh', 'true');
    // The next version is 0.2.0, and what the changelog says of a version is its heading.
    program(
      'npm',
      `case "$*" in
      *version:packages) [ ! -f changeset ] || { rm changeset; echo '{"version":"0.2.0"}' >package.json; echo '## 0.2.0' >CHANGELOG.md; } ;;
      *release:notes*) for version in "$@"; do :; done; grep "^## $version" CHANGELOG.md ;;
      esac`,
    );
    run(`git init -q --bare ../origin; git init -q -b main; git remote add origin ../origin
      git config user.name a; git config user.email a@example.com
      echo '{"version":"0.1.0"}' >package.json; touch CHANGELOG.md changeset
      git add .; git commit -qm a; git push -q origin main`);
    const push = () => {
      for (const step of ['state', 'pull-request']) run(scriptOf(step));
      return [taken(output), taken(calls)] as const;
    };
    const [changed, asked] = push();
    expect(changed).toBe('version=0.1.0\n');
    expect(asked).toMatch(/gh pr create .*0\.2\.0/);
    expect(run('git ls-tree --name-only release/next')).toBe('CHANGELOG.md\npackage.json\n');
    expect(run('git rev-parse release/next')).toBe(run('git -C ../origin rev-parse release/next'));

    run('git switch -q main; git merge -q --ff-only release/next; git push -q origin main');
    const [merged, askedThen] = push();
    expect(merged).toBe('version=0.2.0\npublish=true\n');
    expect(askedThen).not.toContain('gh pr');

    run('git tag v0.2.0; git push -q origin v0.2.0');
    expect(push()[0]).toBe('version=0.2.0\n');
  });

  test('that failed half way publishes the rest when it is run again', () => {
    // As npm does it: of a version that a package doesn't have it prints nothing, and succeeds.
    program('npm', `case "$*" in 'view a@1.0.0 version') echo 1.0.0 ;; esac`);
    run(`mkdir -p tarballs package; for name in a b; do
      echo '{"name":"'$name'","version":"1.0.0"}' >package/package.json; tar -czf tarballs/$name.tgz package; done`);
    run(scriptOf('publish'));
    const published = taken(calls).match(/npm publish .*/g);
    expect(published).toEqual(['npm publish tarballs/b.tgz --provenance --access public']);
  });
});
