import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { type Change, type Level, levels, withRelease } from './changelog.ts';
import { readManifest } from './manifest.ts';

/**
 * Gives all packages the version that the changesets ask for, the root's with them, and enters them in CHANGELOG.md.
 * @param root of the repository
 * @returns the version; undefined where there is no changeset
 */
export async function versionPackages(root: string): Promise<string | undefined> {
  const changes = await pendingChanges(root);
  if (changes.length === 0) return undefined;
  const cli = createRequire(import.meta.url).resolve('@changesets/cli/bin.js');
  await promisify(execFile)(process.execPath, [cli, 'version'], { cwd: root });
  const { version } = await readManifest(join(root, 'packages/cli'));
  const file = join(root, 'package.json');
  const manifest = await readFile(file, 'utf8');
  await writeFile(file, manifest.replace(/"version": "[^"]*"/, `"version": "${version}"`));
  const changelog = join(root, 'CHANGELOG.md');
  await writeFile(changelog, withRelease(await readFile(changelog, 'utf8'), version, changes));
  return version;
}

/** What the changesets ask for. @throws Error one can't be read */
export async function pendingChanges(root: string): Promise<Change[]> {
  const folder = join(root, '.changeset');
  const changes: Change[] = [];
  for (const name of (await readdir(folder)).sort()) {
    if (!name.endsWith('.md') || name === 'README.md') continue;
    const [, head = '', text = ''] =
      /^---\n(.*?)\n---\n(.*)$/s.exec(await readFile(join(folder, name), 'utf8')) ?? [];
    const asked = Object.values((parse(head) ?? {}) as Record<string, Level>);
    const level = levels.find((each) => asked.includes(each));
    if (level === undefined) throw new Error(`.changeset/${name} names no package and level.`);
    changes.push({ level, text: text.trim() });
  }
  return changes;
}
