import { readFile } from 'node:fs/promises';
import { loadManifest } from '@openfrs/models';
import { expect, test } from 'vitest';

test('LICENSE lists every model of the manifest with its licence and origin', async () => {
  const lines = (await readFile(new URL('../../LICENSE', import.meta.url), 'utf8')).split('\n');
  const { models } = loadManifest();
  expect(models.length).toBeGreaterThan(0);
  for (const { id, licence, origin } of models) {
    const from = origin.from === 'npm' ? `${origin.package}@${origin.version}` : origin.project;
    const line = lines.find((each) => each.trim().startsWith(`${id} `));
    expect(line, id).toContain(` ${licence.spdx} `);
    expect(line, id).toContain(from);
  }
});
