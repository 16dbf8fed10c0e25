import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseSync } from 'oxc-parser';
import { expect, test } from 'vitest';
import { files, root } from './files.ts';

const named = /(?<![\w*<>{}/.-])[\w@./-]+\.(?:tsx?|mjs|cjs|md)\b/g;
/** By the end of its path; packages' own names lead into their `src`. A name in capitals stands for any. */
function isThere(name: string): boolean {
  // SST unpacks its platform into .sst when it plans.
  if (/(^|\/)[A-Z]+(-[a-z]+)?\.(ts|md)$/.test(name) || name.includes('.sst/')) return true;
  const path = name.replace(/^@openfrs\/models\//, 'models/src/').replace(/^@openfrs\/([^/]+)\//, '$1/src/');
  const end = path.replace(/^(\.{0,2}\/)+/, '');
  return files.some((file) => file === end || file.endsWith(`/${end}`));
}

test('comments name files that exist', async () => {
  const dangling: string[] = [];
  for (const file of files.filter((each) => /\.(tsx?|mjs|cjs)$/.test(each))) {
    const text = await readFile(join(root, file), 'utf8').catch(() => '');
    for (const { value, start } of parseSync(file, text).comments) {
      for (const [name] of value.matchAll(named)) {
        if (!isThere(name)) dangling.push(`${file}:${text.slice(0, start).split('\n').length}: ${name}`);
      }
    }
  }
  expect(dangling).toEqual([]);
});

/** Folders that a build or a service makes. */
const made = ['dist/', 'uploads/'];

test('documents name files and folders that exist', async () => {
  const dangling: string[] = [];
  for (const file of files.filter((each) => each.endsWith('.md'))) {
    const text = await readFile(join(root, file), 'utf8').catch(() => '');
    for (const [, name = ''] of text.replace(/```[\s\S]*?```/g, '').matchAll(/`([\w@./-]+)`/g)) {
      const isFolder = /^([\w-]+\/)+$/.test(name) && !made.includes(name);
      const exists = isFolder ? files.some((each) => `/${each}`.includes(`/${name}`)) : isThere(name);
      if ((isFolder || /\.(tsx?|mjs|cjs|md)$/.test(name)) && !exists) dangling.push(`${file}: ${name}`);
    }
  }
  expect(dangling).toEqual([]);
});
