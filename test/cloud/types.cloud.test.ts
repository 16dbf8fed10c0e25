import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test("sst.config.ts and packages/infra hold against SST's own types", async () => {
  const { stdout } = await promisify(execFile)('npx', ['tsc', '--noEmit', '-p', 'packages/infra']);
  expect(stdout).toBe('');
});
