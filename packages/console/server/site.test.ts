import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildSite } from './site.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openfrs-site-'));
  await buildSite({ folder });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const read = (path: string) => readFile(join(folder, path), 'utf8');

test.each(['index.html', 'docs.html'])('%s has every file that it asks for', async (page) => {
  const links = [...(await read(page)).matchAll(/(?:src|href)="(?:\.\/)?([^":]+)"/g)];
  expect(links.length).toBeGreaterThan(1);
  for (const [, link = ''] of links) expect((await read(link)).length).toBeGreaterThan(50);
});

test('what the pages read besides is there', async () => {
  expect(JSON.parse(await read('openapi.json'))).toMatchObject({ openapi: '3.1.0' });
  const { marks } = JSON.parse(await read('console/calibration.json')) as { marks: { far: number }[] };
  expect(marks.map(({ far }) => far)).toContain(1e-4);
});
