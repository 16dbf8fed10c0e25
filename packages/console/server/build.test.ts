import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildPages } from './build.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openfrs-console-build-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

test('builds where there is nothing, not where the sources are the same, and again where they differ', async () => {
  const environment = process.env.NODE_ENV;
  const index = join(folder, 'index.html');
  const builtAt = async () => (await stat(index)).mtimeMs;
  expect(await buildPages(folder)).toBe(folder);
  const first = await builtAt();
  await buildPages(folder);
  expect(await builtAt()).toBe(first);
  await writeFile(join(folder, 'sources.sha256'), 'of an older release');
  await writeFile(join(folder, 'left-over.js'), '');
  await buildPages(folder);
  expect(await builtAt()).toBeGreaterThan(first);
  await expect(readFile(join(folder, 'left-over.js'))).rejects.toThrow('ENOENT');
  expect(process.env.NODE_ENV).toBe(environment);
});
