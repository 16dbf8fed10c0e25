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
const turn = () => new Promise((resolve) => setImmediate(resolve));
/** Time passes: of each body a piece comes, and where its sender is fast another one in the turn after that. */
async function pass(ms: number, bodies: readonly { piece(): void }[], isFast: boolean): Promise<void> {
  for (let at = 0; at < ms; at += 50) {
    for (const body of bodies) body.piece();
    for (let turns = isFast ? 1 : 3; turns > 0; turns--) await turn();
    for (const body of bodies) body.piece();
    await vi.advanceTimersByTimeAsync(50);
    for (let turns = 3; turns > 0; turns--) await turn();
  }
}
const begun = (bodies: readonly { readonly begun: boolean }[]) => bodies.filter((body) => body.begun).length;

it('reads a few large bodies at a time, the next when one is whole', async () => {
  const queue = new BodyQueue();
  const bodies = many(queue, '192.0.2.1', 20);
  await vi.advanceTimersByTimeAsync(0);
  expect(begun(bodies)).toBe(4);
  bodies[0]?.end();
  expect(await bodies[0]?.whole).toBe(bytes);
  await turn();
  await vi.advanceTimersByTimeAsync(0);
  expect(begun(bodies)).toBe(5);
  expect(queue.waiting).toBe(15);
});

it('reads a small one at once, and that of another source as soon as any ends', async () => {
  const queue = new BodyQueue();
  const flood = many(queue, '192.0.2.1', 100);
  await vi.advanceTimersByTimeAsync(0);
  expect(sending(queue, '192.0.2.1', 64 * 1024).begun).toBe(true);
  const other = sending(queue, '192.0.2.2');
  flood[0]?.end();
  await vi.advanceTimersByTimeAsync(0);
  await turn();
  await turn();
  expect(other.begun).toBe(true);
});

it('a sender that is slower than the service takes no place, and its body is read to its end', async () => {
  const queue = new BodyQueue();
  const [first, rest] = [many(queue, '192.0.2.1', 4), many(queue, '192.0.2.1', 4)];
  await vi.advanceTimersByTimeAsync(0);
  await pass(1000, first, true);
  expect(begun(rest)).toBe(0);
  await pass(150, first, false);
  expect(begun(rest)).toBe(4);
  first[0]?.end();
  expect(await first[0]?.whole).toBe(bytes);
});

it('what waits too long is refused, and leaves the queue', async () => {
  const queue = new BodyQueue();
  const bodies = many(queue, '192.0.2.1', 5);
  const late = expect(bodies[4]?.whole).rejects.toMatchObject({ code: 'FRS.0033' });
  await vi.advanceTimersByTimeAsync(0);
  await pass(31_000, bodies.slice(0, 4), true);
  await late;
  expect(queue.waiting).toBe(0);
});

it('lets only a few be refused in a turn of the event loop: hundreds that have no room are no pause', async () => {
  const queue = new BodyQueue();
  let [inTurn, most, refused] = [0, 0, 0];
  const refuse = async () => {
    if (inTurn === 0) setImmediate(() => (inTurn = 0));
    inTurn += 1;
    most = Math.max(most, inTurn);
    throw new Error('no room');
  };
  const all = Array.from({ length: 200 }, () =>
    queue.read('192.0.2.1', large, new Deadline(), refuse).catch(() => (refused += 1)),
  );
  await Promise.all(all);
  expect(refused).toBe(200);
  expect(most).toBeLessThanOrEqual(8);
});
