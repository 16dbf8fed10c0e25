import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';

interface Rule {
  readonly name: string;
  readonly to: { readonly pathNot?: readonly string[] };
}

/** `^packages/core/` → `core` */
const plain = (path: string) =>
  path
    .replace(/^\^/, '')
    .replace(/^packages\//, '')
    .replace(/\/$/, '');

test("the packages' README names what the import rules allow", async () => {
  const require = createRequire(import.meta.url);
  const { forbidden } = require('../../.dependency-cruiser.cjs') as { forbidden: readonly Rule[] };
  const rules = forbidden.flatMap(({ name, to }) => {
    const folder = name.startsWith('may-import:') ? plain(name.slice('may-import:'.length)) : undefined;
    if (folder === undefined) return [];
    const allowed = (to.pathNot ?? []).map(plain).filter((each) => each !== folder);
    return [[folder, allowed.toSorted().join(', ') || 'nothing of ours'] as const];
  });
  const readme = await readFile(new URL('../../packages/README.md', import.meta.url), 'utf8');
  const table = readme.slice(0, readme.indexOf('\n## '));
  const rows = [...table.matchAll(/^\| \[?([a-z]+)[^|]*\|[^|]*\| ([^|]*?) *\|$/gm)]
    .filter(([, folder]) => folder !== 'folder' && folder !== 'docs')
    .map(([, folder = '', allowed = '']) => [folder, allowed.split(', ').toSorted().join(', ')] as const);
  expect(new Map(rows)).toEqual(new Map(rules));
});

test('packages export what they name, not every file of theirs', async () => {
  const root = new URL('../../', import.meta.url);
  const names = (await readdir(new URL('packages/', root))).map((name) => `packages/${name}`);
  const closed: string[] = [];
  for (const folder of [...names, 'models', 'layers']) {
    const file = new URL(`${folder}/package.json`, root);
    if (!existsSync(file)) continue;
    const { exports = {} } = JSON.parse(await readFile(file, 'utf8')) as { exports?: Record<string, string> };
    for (const path of Object.keys(exports))
      expect([folder, path]).toEqual([folder, expect.not.stringMatching(/\*|\.ts$/)]);
    closed.push(folder);
  }
  expect(closed.length).toBeGreaterThan(15);
});
