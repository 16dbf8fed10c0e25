import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ParseQueue } from './parse-queue.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => vi.useRealTimers());

const large = 8_000_000;
const never = new AbortController().signal;
/** Work that takes 30 ms, and tells when it was done. */
const parsing = (done: string[], name: string) => () => {
  vi.advanceTimersByTime(30);
  done.push(name);
  return name;
};

it('parses large bodies one at a time, and leaves as long to others after each as it took', async () => {
  const queue = new ParseQueue();
  const done: string[] = [];
  const all = ['a', 'b', 'c'].map((name) => queue.run('p', large, parsing(done, name), never));
  await vi.advanceTimersByTimeAsync(0);
  expect(done).toEqual(['a']);
  await vi.advanceTimersByTimeAsync(29);
  expect(done).toEqual(['a']);
  await vi.advanceTimersByTimeAsync(1);
  expect(done).toEqual(['a', 'b']);
  await vi.advanceTimersByTimeAsync(30);
  expect(await Promise.all(all)).toEqual(['a', 'b', 'c']);
});

it('takes projects in turn, and small bodies at once', async () => {
  const queue = new ParseQueue();
  const done: string[] = [];
  for (let count = 0; count < 9; count++) void queue.run('flood', large, parsing(done, 'flood'), never);
  void queue.run('other', large, parsing(done, 'other'), never);
  void queue.run('other', 1000, parsing(done, 'small'), never);
  await vi.advanceTimersByTimeAsync(0);
  expect(done.toSorted()).toEqual(['flood', 'small']);
  await vi.advanceTimersByTimeAsync(100);
  expect(done.slice(0, 4)).toContain('other');
});

it('passes on what the work throws, and goes on; drops what nobody waits for any more', async () => {
  const queue = new ParseQueue();
  const broken = queue.run('p', large, () => JSON.parse('{'), never);
  await expect(broken).rejects.toThrow(SyntaxError);
  await expect(queue.run('p', 10, () => JSON.parse('{'), never)).rejects.toThrow(SyntaxError);
  const done: string[] = [];
  const left = new AbortController();
  void queue.run('p', large, parsing(done, 'first'), never);
  await vi.advanceTimersByTimeAsync(0);
  const dropped = queue.run('p', large, parsing(done, 'dropped'), left.signal);
  left.abort(new Error('left'));
  await expect(dropped).rejects.toThrow('left');
  await vi.advanceTimersByTimeAsync(100);
  expect(done).toEqual(['first']);
});
