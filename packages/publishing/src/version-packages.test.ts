import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { releaseNotes, withRelease } from './changelog.ts';
import { pendingChanges, versionPackages } from './version-packages.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const copy = mkdtempSync(join(tmpdir(), 'openfrs-version-'));
afterAll(() => rmSync(copy, { recursive: true }));

test('the changesets of this repository can be read', async () => {
  const files = readdirSync(join(root, '.changeset')).filter((name) => /(?<!README)\.md$/.test(name));
  expect(await pendingChanges(root)).toHaveLength(files.length);
});

test('changesets give all packages one version, and the changelog their sentences', async () => {
  const manifests = execFileSync('git', ['ls-files', 'package.json', '*/package.json', 'CHANGELOG.md'], {
    cwd: root,
    encoding: 'utf8',
  });
  for (const file of manifests.trim().split('\n')) cpSync(join(root, file), join(copy, file));
  cpSync(join(root, '.changeset'), join(copy, '.changeset'), { recursive: true });
  for (const name of readdirSync(join(copy, '.changeset'))) {
    if (name.endsWith('.md') && name !== 'README.md') rmSync(join(copy, '.changeset', name));
  }
  const versionOf = (file: string) =>
    JSON.parse(readFileSync(join(copy, file), 'utf8')) as {
      version: string;
      dependencies?: Record<string, string>;
    };
  const before = versionOf('package.json').version;
  expect(await versionPackages(copy)).toBeUndefined();
  expect(versionOf('package.json').version).toBe(before);

  writeFileSync(join(copy, '.changeset/one.md'), '---\n"@openfrs/client": patch\n---\n\nA mended thing.\n');
  writeFileSync(join(copy, '.changeset/two.md'), '---\n"@openfrs/cli": minor\n---\n\nA new thing.\n');
  const [major, minor] = before.split('.').map(Number) as [number, number];
  const next = `${major}.${minor + 1}.0`;
  expect(await versionPackages(copy)).toBe(next);
  for (const file of [
    'package.json',
    'packages/cli/package.json',
    'packages/client/package.json',
    'packages/core/package.json',
  ]) {
    expect([file, versionOf(file).version]).toEqual([file, next]);
  }
  expect(versionOf('packages/cli/package.json').dependencies).toMatchObject({ '@openfrs/core': next });
  expect(existsSync(join(copy, '.changeset/one.md'))).toBe(false);
  const changelog = readFileSync(join(copy, 'CHANGELOG.md'), 'utf8');
  expect(releaseNotes(changelog, next)).toBe('### New\n\n- A new thing.\n\n### Mended\n\n- A mended thing.');
});

test('the newest release comes first, and a version without an entry has no notes', () => {
  const one = withRelease('# Changelog\n\nFor people.\n', '0.2.0', [{ level: 'minor', text: 'a' }]);
  const two = withRelease(one, '1.0.0', [{ level: 'major', text: 'b' }]);
  expect(two).toMatch(/^# Changelog\n\nFor people\.\n\n## 1\.0\.0\n(.*\n)*## 0\.2\.0\n/);
  expect(releaseNotes(two, '0.2.0')).toBe('### New\n\n- a');
  expect(() => releaseNotes(two, '0.3.0')).toThrow('nothing of 0.3.0');
});
