import { describe, expect, it } from 'vitest';
import { createWeightedSemaphore } from './weighted-semaphore.ts';

describe('the weighted semaphore', () => {
  it('lets jobs run while their weights fit, in order, also when some fail', async () => {
    const semaphore = createWeightedSemaphore(6);
    let load = 0;
    let most = 0;
    const started: number[] = [];
    const jobs = Array.from({ length: 40 }, (_, index) => {
      const weight = 1 + (index % 4);
      return semaphore(weight, async () => {
        started.push(index);
        load += weight;
        most = Math.max(most, load);
        await new Promise((resolve) => setTimeout(resolve, index % 3));
        load -= weight;
        if (index % 7 === 0) throw new Error(`job ${index}`);
        return index;
      });
    });
    const results = await Promise.allSettled(jobs);
    expect(most).toBeGreaterThan(4);
    expect(most).toBeLessThanOrEqual(6);
    expect(started).toEqual(Array.from({ length: 40 }, (_, index) => index));
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(6);
  });

  it('lets a job heavier than the capacity run, alone', async () => {
    const semaphore = createWeightedSemaphore(2);
    let running = 0;
    let most = 0;
    const job = async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 2));
      running -= 1;
    };
    await Promise.all([semaphore(1, job), semaphore(5, job), semaphore(1, job), semaphore(5, job)]);
    expect(most).toBe(1);
  });
});

const reason = new Error('the client has left');

it('forgets who leaves while waiting, and lets the next one in', async () => {
  const semaphore = createWeightedSemaphore(2);
  let finish = () => {};
  const running = semaphore(1, () => new Promise<void>((resolve) => (finish = resolve)));
  const client = new AbortController();
  const heavy = semaphore(2, async () => 'never', client.signal);
  const light = semaphore(1, async () => 'light');
  client.abort(reason);
  await expect(heavy).rejects.toBe(reason);
  expect(await light).toBe('light');
  finish();
  await running;
  expect(await semaphore(2, async () => 'all is free')).toBe('all is free');
});
