import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildPages } from './build.ts';

let parent: string;
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'openfrs-console-build-'));
});
afterAll(async () => {
  await rm(parent, { recursive: true, force: true });
});

test('builds an edition once, whole, in the place of older ones', async () => {
  const environment = process.env.NODE_ENV;
  await mkdir(join(parent, 'of-older-sources'));
  const [one, other] = await Promise.all([buildPages(parent), buildPages(parent)]);
  expect(other).toBe(one);
  expect(await readdir(parent)).toEqual([basename(one)]);
  expect((await readdir(one)).sort()).toEqual(['assets', 'icon.svg', 'index.html']);
  expect(process.env.NODE_ENV).toBe(environment);
  const built = await stat(one);
  expect(await buildPages(parent)).toBe(one);
  expect(await stat(one)).toMatchObject({ ino: built.ino, mtimeMs: built.mtimeMs });
});

test('says why where it can not build', async () => {
  await expect(buildPages('/dev/null/pages')).rejects.toThrow('ENOTDIR');
});
