import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const site = 'packages/console/site';

/** The modules that a file names in imports, exports and `import()`s. */
async function importsOf(file: string): Promise<string[]> {
  const text = await readFile(join(root, file), 'utf8');
  const { module, errors } = parseSync(file, text);
  expect(errors).toEqual([]);
  const fixed = [...module.staticImports, ...module.staticExports.flatMap(({ entries }) => entries)];
  const named = fixed.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []);
  const late = module.dynamicImports.map(({ moduleRequest: { start, end } }) =>
    text.slice(start + 1, end - 1),
  );
  return [...named, ...late];
}

// `npm run check:imports` reads no JSX (.dependency-cruiser.cjs).
test("the console's pages import themselves and what is made for browsers", async () => {
  const pages = (await readdir(join(root, site), { recursive: true })).filter((file) =>
    file.endsWith('.tsx'),
  );
  expect(pages.length).toBeGreaterThan(10);
  const others = new Set<string>();
  for (const page of pages.filter((file) => !file.endsWith('.test.tsx'))) {
    for (const name of await importsOf(join(site, page))) {
      const to = name.startsWith('.') ? relative(site, join(site, page, '..', name)) : name;
      if ((to.startsWith('..') || !name.startsWith('.')) && !to.endsWith('.css')) others.add(to);
    }
  }
  expect([...others].sort()).toEqual([
    '@openfrs/contract/path-value',
    '@openfrs/contract/place-tags',
    '@openfrs/contract/usual-thresholds',
    'preact',
    'preact/hooks',
    'uplot',
  ]);
});

test('the deployment file imports nothing but the deployment', async () => {
  expect(await importsOf('sst.config.ts')).toEqual(['@openfrs/infra/deploy']);
});
