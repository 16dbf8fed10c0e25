import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Deadline } from '../deadline.ts';
import { BodyQueue } from './body-queue.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => vi.useRealTimers());

const large = 6_000_000;
const bytes = new Uint8Array(1);

/** A body that is being read: what its sender does, and how its reader ends. */
function sending(queue: BodyQueue, source: string, declared = large) {
  const body = { begun: false, piece: () => {}, end: () => {} };
  const whole = queue.read(source, declared, new Deadline(), (progress) => {
    body.begun = true;
    body.piece = progress;
    return new Promise((resolve) => {
      body.end = () => resolve(bytes);
    });
  });
  whole.catch(() => {});
  return Object.assign(body, { whole });
}
const many = (queue: BodyQueue, source: string, count: number) =>
  Array.from({ length: count }, () => sending(queue, source));
const begun = (bodies: readonly { readonly begun: boolean }[]) => bodies.filter((body) => body.begun).length;

it('reads a few large bodies at a time, the next when one is whole', async () => {
  const queue = new BodyQueue();
  const bodies = many(queue, '192.0.2.1', 20);
  await vi.advanceTimersByTimeAsync(0);
  expect(begun(bodies)).toBe(8);
  bodies[0]?.end();
  expect(await bodies[0]?.whole).toBe(bytes);
  await vi.advanceTimersByTimeAsync(0);
  expect(begun(bodies)).toBe(9);
  expect(queue.waiting).toBe(11);
});

it('reads a small one at once, and that of another source as soon as any ends', async () => {
  const queue = new BodyQueue();
  const flood = many(queue, '192.0.2.1', 100);
  await vi.advanceTimersByTimeAsync(0);
  expect(sending(queue, '192.0.2.1', 64 * 1024).begun).toBe(true);
  const other = sending(queue, '192.0.2.2');
  flood[0]?.end();
  await vi.advanceTimersByTimeAsync(0);
  expect(other.begun).toBe(true);
});

it('a sender that stalls takes no place, and its body is read to its end', async () => {
  const queue = new BodyQueue();
  const [slow, rest] = [many(queue, '192.0.2.1', 8), many(queue, '192.0.2.1', 8)];
  for (let waited = 0; waited < 1000; waited += 200) {
    await vi.advanceTimersByTimeAsync(200);
    for (const body of slow) body.piece();
  }
  // A piece now and then is no stall.
  expect(begun(rest)).toBe(0);
  await vi.advanceTimersByTimeAsync(250);
  expect(begun(rest)).toBe(8);
  slow[0]?.end();
  expect(await slow[0]?.whole).toBe(bytes);
});

it('what waits too long is refused, and leaves the queue', async () => {
  const queue = new BodyQueue();
  const bodies = many(queue, '192.0.2.1', 9);
  const late = expect(bodies[8]?.whole).rejects.toMatchObject({ code: 'FRS.0033' });
  for (let at = 0; at < 31_000; at += 100) {
    for (const body of bodies.slice(0, 8)) body.piece();
    await vi.advanceTimersByTimeAsync(100);
  }
  await late;
  expect(queue.waiting).toBe(0);
});
