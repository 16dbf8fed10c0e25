import { availableParallelism } from 'node:os';
import { expect, it } from 'vitest';
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
