import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { closeLevels, openLevels } from './open-levels.ts';

test.each([
  [false, true],
  [true, false],
])('a stop after a write that failed (%s) is noted as clean: %s', async (hasFailed, isClean) => {
  const dir = await mkdtemp(join(tmpdir(), 'openfrs-levels-'));
  const levels = await openLevels(dir, { flush: true });
  if (hasFailed) Object.defineProperty(levels.catalog, 'failed', { get: () => true });
  await closeLevels(dir, levels);
  expect(existsSync(join(dir, 'closed.json'))).toBe(isClean);
  await rm(dir, { recursive: true });
});
