import { expect, it } from 'vitest';
import { MemoryBudget } from './memory-budget.ts';
import { WorkMemory } from './work-memory.ts';

/** Work that goes on until it is told to end. */
function work(memory: WorkMemory, owner: string, bytes: number, signal?: AbortSignal) {
  let end = () => {};
  let hasBegun = false;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const begin = () => {
    hasBegun = true;
    return ended;
  };
  const done = memory.run(owner, bytes, begin, signal);
  return { done, end: () => end(), hasBegun: () => hasBegun };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

it('further pictures of one owner wait until they fit, and begin when others end', async () => {
  const memory = new WorkMemory(100);
  const [one, two, three] = [work(memory, 'a', 60), work(memory, 'a', 60), work(memory, 'a', 40)];
  await settled();
  // The third fits, and passes the second.
  expect([one.hasBegun(), two.hasBegun(), three.hasBegun(), memory.reserved]).toEqual([
    true,
    false,
    true,
    100,
  ]);
  three.end();
  await settled();
  expect(two.hasBegun()).toBe(false);
  one.end();
  await settled();
  expect([two.hasBegun(), memory.reserved]).toEqual([true, 60]);
  two.end();
  await Promise.all([one.done, two.done, three.done]);
  expect(memory.reserved).toBe(0);
});

it("another owner's first picture never waits, however much is taken", async () => {
  const memory = new WorkMemory(100);
  const hostile = [100, 100, 100].map((bytes) => work(memory, 'a', bytes));
  const honest = [work(memory, 'b', 90), work(memory, 'b', 1)];
  await settled();
  expect(hostile.map(({ hasBegun }) => hasBegun())).toEqual([true, false, false]);
  expect(honest.map(({ hasBegun }) => hasBegun())).toEqual([true, false]);
  for (const { end } of [...hostile, ...honest]) end();
  await Promise.all([...hostile, ...honest].map(({ done }) => done));
  expect(memory.reserved).toBe(0);
});

it('bodies and pictures are one budget: bodies that came in leave less for pictures', async () => {
  const bodies = new MemoryBudget(50);
  const memory = new WorkMemory(100, () => bodies.reserved);
  const body = bodies.reserve('a');
  expect(body.add(40)).toBe(true);
  const [one, two] = [work(memory, 'a', 50), work(memory, 'a', 20)];
  await settled();
  expect([one.hasBegun(), two.hasBegun()]).toEqual([true, false]);
  body.release();
  const three = work(memory, 'a', 5);
  await settled();
  expect([two.hasBegun(), three.hasBegun()]).toEqual([true, true]);
  for (const { end } of [one, two, three]) end();
  await Promise.all([one.done, two.done, three.done]);
});

it('gives back what failed or was cancelled, and leaves nobody waiting for it', async () => {
  const memory = new WorkMemory(100);
  const leaver = new AbortController();
  const one = work(memory, 'a', 80);
  const cancelled = work(memory, 'a', 80, leaver.signal);
  const next = work(memory, 'a', 70);
  leaver.abort(new Error('left'));
  await expect(cancelled.done).rejects.toThrow('left');
  one.end();
  await settled();
  expect([cancelled.hasBegun(), next.hasBegun()]).toEqual([false, true]);
  next.end();
  await next.done;
  await expect(memory.run('a', 10, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  await expect(memory.run('a', 10, async () => {}, leaver.signal)).rejects.toThrow('left');
  expect(memory.reserved).toBe(0);
});
