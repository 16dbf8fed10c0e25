import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test("sst.config.ts and packages/cloud hold against SST's own types", async () => {
  const { stdout } = await promisify(execFile)('npx', ['tsc', '--noEmit', '-p', 'packages/cloud']);
  expect(stdout).toBe('');
});
