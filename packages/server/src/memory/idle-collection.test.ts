import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { collectWhenIdle } from './idle-collection.ts';

const mebibyte = 1024 * 1024;

let stop: () => void;
let [busy, answered, used, collections] = [false, 0, 0, 0];
beforeEach(() => {
  vi.useFakeTimers();
  [busy, answered, used, collections] = [false, 0, 100 * mebibyte, 0];
  stop = collectWhenIdle({
    isBusy: () => busy,
    answered: () => answered,
    used: () => used,
    collect: () => {
      collections += 1;
      used = 100 * mebibyte;
    },
  });
});
/** Behind what the start has left. */
function settle(): void {
  vi.advanceTimersByTime(40_000);
  collections = 0;
}
afterEach(() => {
  stop();
  vi.useRealTimers();
});

/** Work for so long that leaves so much garbage. */
function burst(seconds: number, bytes: number): void {
  busy = true;
  used += bytes;
  vi.advanceTimersByTime(seconds * 1000);
  busy = false;
}

it('collects once what a start has left, when nothing is under way', () => {
  busy = true;
  vi.advanceTimersByTime(10_000);
  expect(collections).toBe(0);
  busy = false;
  vi.advanceTimersByTime(120_000);
  expect(collections).toBe(1);
});

it('collects once when a burst is over and nothing has been under way for two seconds', () => {
  settle();
  burst(5, 100 * mebibyte);
  expect(collections).toBe(0);
  vi.advanceTimersByTime(1000);
  expect(collections).toBe(0);
  vi.advanceTimersByTime(1000);
  expect(collections).toBe(1);
  vi.advanceTimersByTime(120_000);
  expect(collections).toBe(1);
});

it('does not collect again what is in use where work came right after a collection', () => {
  vi.advanceTimersByTime(2000);
  expect(collections).toBe(1);
  burst(1, 0);
  vi.advanceTimersByTime(600_000);
  expect(collections).toBe(1);
});

it('never collects while requests come, however long', () => {
  for (let times = 0; times < 100; times++) {
    burst(1, 10 * mebibyte);
    vi.advanceTimersByTime(1000);
  }
  expect(collections).toBe(0);
});

it('does not hold up requests that come between, but for once a minute', () => {
  settle();
  burst(1, 100 * mebibyte);
  const requests = (seconds: number) => {
    for (let times = 0; times < seconds; times++) {
      answered += 1;
      vi.advanceTimersByTime(1000);
    }
  };
  requests(59);
  expect(collections).toBe(0);
  requests(2);
  expect(collections).toBe(1);
  burst(1, 100 * mebibyte);
  requests(40);
  expect(collections).toBe(1);
  vi.advanceTimersByTime(2000);
  expect(collections).toBe(2);
});

it('collects no sooner than 30 seconds after the last time', () => {
  settle();
  burst(1, 100 * mebibyte);
  vi.advanceTimersByTime(3000);
  expect(collections).toBe(1);
  burst(1, 100 * mebibyte);
  vi.advanceTimersByTime(20_000);
  expect(collections).toBe(1);
  vi.advanceTimersByTime(20_000);
  expect(collections).toBe(2);
});

it('does not collect for little, nor again for what is in use and stays', () => {
  settle();
  burst(1, 20 * mebibyte);
  vi.advanceTimersByTime(60_000);
  expect(collections).toBe(0);
  used += 500 * mebibyte;
  stop();
  stop = collectWhenIdle({ isBusy: () => false, used: () => used, collect: () => (collections += 1) });
  vi.advanceTimersByTime(600_000);
  expect(collections).toBe(1);
});

it("collects this process's garbage, buffers included, when told nothing else", async () => {
  stop();
  vi.useRealTimers();
  let [isBusy, freed] = [true, false];
  stop = collectWhenIdle({ isBusy: () => isBusy });
  const garbage = new FinalizationRegistry(() => (freed = true));
  (() => garbage.register(Buffer.allocUnsafeSlow(64 * mebibyte).fill(1), undefined))();
  isBusy = false;
  await vi.waitFor(() => expect(freed).toBe(true), { timeout: 20_000, interval: 100 });
});
