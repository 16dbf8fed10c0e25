import { expect, it, vi } from 'vitest';
import { ScanThread } from './scan-thread.ts';
import { type Helper, ThreadSupply } from './thread-supply.ts';

const helper: Helper = { begin: () => undefined };
const minute = 60_000;

it('starts one thread, when it is asked for', () => {
  const start = vi.fn(() => helper);
  const supply = new ThreadSupply(start);
  expect(start).not.toHaveBeenCalled();
  expect(supply.get()).toBe(helper);
  expect(supply.get()).toBe(helper);
  expect(start).toHaveBeenCalledOnce();
});

it('gets by without a thread that can\u2019t be started: asks again after a minute, three times in all', () => {
  let now = 0;
  const start = vi.fn((): Helper => {
    throw new Error('ERR_WORKER_INIT_FAILED');
  });
  const supply = new ThreadSupply(start, () => now);
  for (let at = 0; at < 10; at += 1) {
    now = at * minute;
    expect(supply.get()).toBeUndefined();
    expect(supply.get()).toBeUndefined();
  }
  expect(start).toHaveBeenCalledTimes(3);
});

it('starts another one a minute after one has ended', async () => {
  let now = 0;
  const start = vi.fn((lose: () => void) => new ScanThread(lose, 'throw new Error("no memory")'));
  const supply = new ThreadSupply(start, () => now);
  expect(supply.get()).toBeDefined();
  await vi.waitFor(() => expect(supply.get()).toBeUndefined(), 10_000);
  now = minute;
  expect(supply.get()).toBeDefined();
  expect(start).toHaveBeenCalledTimes(2);
});
