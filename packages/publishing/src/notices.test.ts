import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { bundledPackages, noticesOf, packageName } from './notices.ts';

const root = mkdtempSync(join(tmpdir(), 'openfrs-notices-'));
afterAll(() => rm(root, { recursive: true }));

function install(folder: string, manifest: object, files: Readonly<Record<string, string>> = {}): void {
  mkdirSync(join(root, folder), { recursive: true });
  for (const [name, text] of Object.entries({ 'package.json': JSON.stringify(manifest), ...files }))
    writeFileSync(join(root, folder, name), text);
}

test('the packages of a bundle are those that its files lie in, each once', () => {
  const files = [
    'packages/cli/src/index.ts',
    'node_modules/zod/v4/core.js',
    'node_modules/zod/index.js',
    'node_modules/@aws-sdk/a/node_modules/@aws-sdk/b/index.js',
    'node_modules/@aws-sdk/b/index.js',
  ];
  const file = { bytes: 1, imports: [] };
  const inputs = Object.fromEntries(files.map((name) => [name, file]));
  const folders = bundledPackages({ inputs, outputs: {} });
  expect(folders).toEqual([
    'node_modules/@aws-sdk/a/node_modules/@aws-sdk/b',
    'node_modules/@aws-sdk/b',
    'node_modules/zod',
  ]);
  expect(folders.map(packageName)).toEqual(['@aws-sdk/b', '@aws-sdk/b', 'zod']);
});

test('each is named with its version, its licence, and the texts that go with every copy', async () => {
  install(
    'a',
    { name: 'a', version: '1.2.3', license: 'MIT', author: { name: 'Ann' } },
    { LICENSE: 'May be used.' },
  );
  install('b', { name: 'b', version: '2.0.0', licenses: [] }, { 'license.md': 'Old.', NOTICE: 'Named.' });
  const notices = await noticesOf(root, ['a', 'b']);
  expect(notices).toContain(
    '## a 1.2.3\n\nMIT, by Ann\n\nMay be used.\n\n## b 2.0.0\n\n\n\nNamed.\n\nOld.\n',
  );
});

test('one without any licence is refused', async () => {
  install('c', { name: 'c', version: '1.0.0' });
  await expect(noticesOf(root, ['c'])).rejects.toThrow('c has no licence.');
});
