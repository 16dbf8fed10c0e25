import { describe, expect, it } from 'vitest';
import { createGate } from './gate.ts';

describe('the gate', () => {
  it('lets only so many jobs run at once, in order, also when some fail', async () => {
    const gate = createGate(3);
    let running = 0;
    let most = 0;
    const started: number[] = [];
    const jobs = Array.from({ length: 40 }, (_, index) =>
      gate(async () => {
        started.push(index);
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setTimeout(resolve, index % 3));
        running -= 1;
        if (index % 7 === 0) throw new Error(`job ${index}`);
        return index;
      }),
    );
    const results = await Promise.allSettled(jobs);
    expect(most).toBe(3);
    expect(started).toEqual(Array.from({ length: 40 }, (_, index) => index));
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(6);
  });
});
