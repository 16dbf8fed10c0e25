import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { settings, settingsPage } from '@openfrs/core';
import { expect, test } from 'vitest';
import { root } from '../support/pages.ts';

test('the page of settings is made of the settings: -u writes it', async () => {
  await expect(settingsPage()).toMatchFileSnapshot(`${root}packages/docs/settings.md`);
});

test('every variable of ours that code reads or a page names is on it', async () => {
  const files = execFileSync('git', ['ls-files', 'packages', 'functions', 'layers', 'models', '*.md'], {
    cwd: root,
    encoding: 'utf8',
  });
  const unknown = new Set<string>();
  for (const file of files.trim().split('\n')) {
    if (
      !/\.(ts|tsx|mjs|cjs|md|env|ya?ml|service)$|Dockerfile$/.test(file) ||
      /(^|\/)test\/|\.test\.ts$/.test(file)
    )
      continue;
    for (const [name] of (await readFile(`${root}${file}`, 'utf8')).matchAll(/\bFRS_[A-Z_]*[A-Z]\b/g)) {
      const isOfTests = /^FRS_(TEST|FUZZ|BENCH|CONTRACT|NETWORK_WITNESS)/.test(name);
      if (!isOfTests && !((name.replace(/_FILE$/, '') as string) in settings))
        unknown.add(`${name} in ${file}`);
    }
  }
  expect([...unknown]).toEqual([]);
});
