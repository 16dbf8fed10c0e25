import { expect } from 'vitest';

/** More than any one request may cost, in seconds of processor time: what grows faster than its input passes it soon. */
const most = 20;

/**
 * Runs work and sees that it cost this process, the service included, no more processor time than a request may: a machine
 * that stalls costs none. What hangs ends with its test.
 */
export async function cheaply<Result>(work: () => Promise<Result>): Promise<Result> {
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1e6).toBeLessThan(most);
  return result;
}
