import { describe, expect, it } from 'vitest';
import { createKeyedSemaphore, createSemaphore } from './concurrency.ts';

const later = () => new Promise<void>((resolve) => setTimeout(resolve, 1));

describe('a semaphore', () => {
  it('lets so many through at once, in the order of coming, whatever fails', async () => {
    const semaphore = createSemaphore(3);
    let inside = 0;
    let max = 0;
    const order: number[] = [];
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, i) =>
        semaphore(async () => {
          order.push(i);
          inside += 1;
          max = Math.max(max, inside);
          await later();
          inside -= 1;
          if (i % 4 === 0) throw new Error('no');
          return i;
        }),
      ),
    );
    expect(max).toBe(3);
    expect(order).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(results.filter((result) => result.status === 'rejected')).toHaveLength(5);
    expect(semaphore.load()).toBe(0);
  });

  it('counts each key by itself', async () => {
    const semaphores = createKeyedSemaphore(1);
    let other = false;
    await Promise.all([
      semaphores('a', async () => {
        while (!other) await later();
      }),
      semaphores('b', async () => {
        other = true;
      }),
    ]);
    expect(other).toBe(true);
  });
});
