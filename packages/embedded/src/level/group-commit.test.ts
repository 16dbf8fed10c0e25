import { describe, expect, test } from 'vitest';
import { GroupCommit } from './group-commit.ts';

describe('writes in a group commit', () => {
  test('go one group at a time; those that wait go together', async () => {
    const groups: number[] = [];
    let running = 0;
    const writes = new GroupCommit<string>(async (group) => {
      running += 1;
      expect(running).toBe(1);
      await new Promise((resolve) => setImmediate(resolve));
      groups.push(group.length);
      running -= 1;
    });
    await Promise.all(Array.from({ length: 50 }, (_, at) => writes.add([String(at)])));
    expect(groups).toEqual([1, 49]);
  });

  test('after one that failed none is tried, also none that waited behind it, until the store is reopened', async () => {
    let full = true;
    const tried: string[] = [];
    const told: unknown[] = [];
    const writes = new GroupCommit<string>(async (group) => {
      tried.push(...group);
      await new Promise((resolve) => setImmediate(resolve));
      if (full) throw new Error('IO error: /data/000005.log: No space left on device');
    });
    writes.onFailure = (error) => told.push(error);
    const first = writes.add(['first']);
    const behind = writes.add(['behind']);
    for (const write of [first, behind, first.catch(() => writes.add(['later']))]) {
      await expect(write).rejects.toMatchObject({
        statusCode: 507,
        message: "The store can't be written to: there is no space left on its disk.",
      });
    }
    expect(tried).toEqual(['first']);
    expect(told).toHaveLength(1);
    full = false;
    writes.reopened();
    await writes.add(['again']);
    expect(tried).toEqual(['first', 'again']);
  });

  test('end before it is closed; later ones are refused, and count as no failure', async () => {
    const done: string[] = [];
    const writes = new GroupCommit<string>(async (group) => {
      await new Promise((resolve) => setImmediate(resolve));
      done.push(...group);
    });
    const told: unknown[] = [];
    writes.onFailure = (error) => told.push(error);
    const taken = [writes.add(['a']), writes.add(['b'])];
    await writes.close();
    expect(done).toEqual(['a', 'b']);
    await Promise.all(taken);
    await expect(writes.add(['c'])).rejects.toThrow('Database is closed');
    expect(told).toEqual([]);
  });
});
