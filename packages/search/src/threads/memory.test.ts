import { availableParallelism } from 'node:os';
import { MessagePort } from 'node:worker_threads';
import { expect, it, vi } from 'vitest';
import { Kernel, workBytes } from '../kernel/kernel.ts';
import { control } from './control.ts';
import { ScanThread } from './scan-thread.ts';

const stride = 64;
const scales = workBytes + 64 * stride;
const addresses = {
  planes: [workBytes, scales, scales],
  bytes: [stride, 0, 0],
  ...{ scales, errors: workBytes + 65 * stride, remainders: scales },
} as const;
const probe = { ints: new Int16Array(stride), unit: 1, slack: 0, lengths: [0, 0] } as const;

it.skipIf(availableParallelism() < 2)('keeps no memory for what the thread has scanned', async () => {
  const thread = new ScanThread(() => {});
  const before = process.memoryUsage().rss;
  let peak = 0;
  for (let round = 0; round < 25; round += 1) {
    const kernel = new Kernel(100_000_000, true);
    // V8 decides by the whole; a quarter is in use.
    new Uint8Array(kernel.buffer, 0, 25_000_000).fill(1);
    const scan = thread.begin(
      [{ kernel, shared: kernel.shared!, addresses, probe }],
      Int32Array.of(0, 0, 4),
      10,
    );
    expect(Atomics.wait(scan!.words, control.done, 0, 10_000)).not.toBe('timed-out');
    peak = Math.max(peak, process.memoryUsage().rss - before);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  expect(peak).toBeLessThan(400_000_000);
});

/** Bytes that a message copies: buffers, and what views see of one, whatever holds them. */
function copiedBytes(value: unknown): number {
  if (value instanceof ArrayBuffer) return value.byteLength;
  if (ArrayBuffer.isView(value)) return value.buffer instanceof ArrayBuffer ? value.buffer.byteLength : 0;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce((sum: number, one) => sum + copiedBytes(one), 0);
}

it.skipIf(availableParallelism() < 2)('is told of a scan in few bytes, however large the rows', () => {
  const posted = vi.spyOn(MessagePort.prototype, 'postMessage');
  const thread = new ScanThread(() => {});
  const kernel = new Kernel(100_000_000, true);
  for (let scans = 0; scans < 2; scans += 1) {
    const scan = thread.begin(
      [{ kernel, shared: kernel.shared!, addresses, probe }],
      Int32Array.of(0, 0, 4),
      10,
    );
    expect(Atomics.wait(scan!.words, control.done, 0, 10_000)).not.toBe('timed-out');
  }
  const sizes = posted.mock.calls.map(([message]) => copiedBytes(message));
  posted.mockRestore();
  expect(sizes.length).toBeGreaterThanOrEqual(2);
  expect(Math.max(...sizes)).toBeLessThan(10_000);
});
