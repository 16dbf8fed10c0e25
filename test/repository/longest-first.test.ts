import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { longTests } from '../setup/longest-first.ts';

test('the test files that are begun first exist', () => {
  const root = new URL('../../', import.meta.url);
  expect(longTests.filter((file) => !existsSync(new URL(file, root)))).toEqual([]);
});
