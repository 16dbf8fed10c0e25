import { readdir, readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { generated } from './generated.ts';

const folder = new URL('../generated/', import.meta.url);

it('what is committed follows from the OpenAPI document as it is now (else: npm run generate -w packages/client)', async () => {
  const files = await generated();
  expect((await readdir(folder)).sort()).toEqual([...files.keys()].sort());
  for (const [name, text] of files) {
    expect([name, await readFile(new URL(name, folder), 'utf8')]).toEqual([name, text]);
  }
});
