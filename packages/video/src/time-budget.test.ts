import { describe, expect, it } from 'vitest';
import { cpuMsOf, ownThread } from './cpu-time.ts';
import { startTimeBudget } from './time-budget.ts';

const outcome = (used: number | undefined, cpuMs: number, totalMs: number) =>
  startTimeBudget({ cpuMs: () => used }, performance.now(), { probeCpuMs: cpuMs, cpuMs, totalMs }).expired;

describe('whose fault it is that time is up', () => {
  it('the file’s, when it made FFmpeg work longer than any honest one', async () => {
    await expect(outcome(200, 100, 60_000)).rejects.toMatchObject({ code: 'FRS.0701' });
  });

  it('the file’s, when reading its structure costs what decoding may', async () => {
    const limits = { probeCpuMs: 50, cpuMs: 10_000, totalMs: 60_000 };
    const session = { cpuMs: () => 200 };
    await expect(startTimeBudget(session, performance.now(), limits).expired).rejects.toMatchObject({
      code: 'FRS.0701',
    });
    const decoding = startTimeBudget(session, performance.now(), { ...limits, totalMs: 300 });
    decoding.probed(0);
    await expect(decoding.expired).rejects.toMatchObject({ code: 'FRS.0033' });
  });

  it.each([
    [0, 'FRS.0701'],
    [830_000_000, 'FRS.0701'],
    [1_660_000_000, 'FRS.0033'],
    [1e12, 'FRS.0033'],
  ])(
    'the limit grows with the pixels, up to 2.4 times: 150 of 100 ms for %i are %s',
    async (pixels, code) => {
      const limits = { probeCpuMs: 100, cpuMs: 100, totalMs: 250 };
      const used = { cpuMs: () => 0 };
      const budget = startTimeBudget(used, performance.now(), limits);
      budget.probed(pixels);
      used.cpuMs = () => 150;
      await expect(budget.expired).rejects.toMatchObject({ code });
    },
  );

  it('the file’s, where even more pixels don’t explain it', async () => {
    const used = { cpuMs: () => 0 };
    const budget = startTimeBudget(used, performance.now(), { probeCpuMs: 100, cpuMs: 100, totalMs: 60_000 });
    budget.probed(1e12);
    used.cpuMs = () => 241;
    await expect(budget.expired).rejects.toMatchObject({ code: 'FRS.0701' });
  });

  it('the machine’s, when FFmpeg hardly had a processor: the client may try again', async () => {
    await expect(outcome(30, 10_000, 50)).rejects.toMatchObject({ code: 'FRS.0033' });
  });

  it('the file’s, where the system tells no processor time', async () => {
    await expect(outcome(undefined, 50, 60_000)).rejects.toMatchObject({ code: 'FRS.0701' });
  });
});

it.runIf(process.platform === 'linux')('processor time grows with work, not with waiting', () => {
  const thread = ownThread() ?? '';
  const before = cpuMsOf(thread);
  if (before === undefined) throw new Error('no /proc/thread-self');
  while ((cpuMsOf(thread) ?? 0) < before + 50) Math.sqrt(2);
  expect(cpuMsOf('self')).toBeGreaterThanOrEqual(50);
});

it('what doesn’t exist has no processor time', () => {
  expect(cpuMsOf('0')).toBeUndefined();
});
