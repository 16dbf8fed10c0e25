import { describe, expect, it } from 'vitest';
import { createGate, createGates } from './concurrency.ts';

const later = () => new Promise<void>((resolve) => setTimeout(resolve, 1));

describe('a gate', () => {
  it('lets so many through at once, in the order of coming, whatever fails', async () => {
    const gate = createGate(3);
    let inside = 0;
    let most = 0;
    const order: number[] = [];
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, i) =>
        gate(async () => {
          order.push(i);
          inside += 1;
          most = Math.max(most, inside);
          await later();
          inside -= 1;
          if (i % 4 === 0) throw new Error('no');
          return i;
        }),
      ),
    );
    expect(most).toBe(3);
    expect(order).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(results.filter((result) => result.status === 'rejected')).toHaveLength(5);
    expect(gate.load()).toBe(0);
  });

  it('stands before each name by itself', async () => {
    const gates = createGates(1);
    let other = false;
    await Promise.all([
      gates('a', async () => {
        while (!other) await later();
      }),
      gates('b', async () => {
        other = true;
      }),
    ]);
    expect(other).toBe(true);
  });
});
