import { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ClientAddress } from './proxies/client-address.ts';
import { RefusalPacing } from './refusal-pacing.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => vi.useRealTimers());

const refused = () => new Response(null, { status: 401 });
const overloaded = () => new Response(null, { status: 400, headers: { 'Retry-After': '1' } });

const peer: ClientAddress = ({ socket }) => socket.remoteAddress ?? '';

function clientAt(remoteAddress: string) {
  const socket = Object.assign(new EventEmitter(), { remoteAddress });
  const incoming = (headers: IncomingMessage['headers'] = {}) =>
    ({ socket, headers }) as unknown as IncomingMessage;
  return { socket, incoming: incoming(), request: incoming };
}

/** How many of these have been let go after so many milliseconds. */
async function passed(answers: readonly Promise<unknown>[], ms: number): Promise<number> {
  let count = 0;
  for (const answer of answers) void answer.then(() => count++);
  await vi.advanceTimersByTimeAsync(ms);
  return count;
}

it('refusals beyond the rate wait for their place, those of other sources and all other answers go at once', async () => {
  const pacing = new RefusalPacing({ perSecond: 10, capacity: 20 }, peer);
  const { incoming } = clientAt('192.0.2.1');
  const flood = Array.from({ length: 40 }, (_, n) =>
    pacing.pass(n % 2 === 0 ? refused() : overloaded(), incoming),
  );
  expect(await passed(flood, 0)).toBe(20);
  const others = [
    pacing.pass(refused(), clientAt('192.0.2.2').incoming),
    pacing.pass(new Response(), incoming),
    pacing.pass(new Response(null, { status: 400 }), incoming),
  ];
  expect(await passed(others, 0)).toBe(3);
  expect(await passed(flood, 1000)).toBe(30);
  expect(await passed(flood, 1000)).toBe(40);
  expect(await passed([pacing.pass(refused(), incoming)], 100)).toBe(1);
});

it('so do static content and paths that do not exist, and no answer of an operation', async () => {
  const pacing = new RefusalPacing({ perSecond: 10, capacity: 20 }, peer);
  const { incoming } = clientAt('192.0.2.1');
  const answer = (status: number, headers: Record<string, string>) => () =>
    new Response(null, { status, headers });
  const anonymous = [answer(200, { ETag: '"a"' }), answer(304, { ETag: '"a"' }), answer(404, {})];
  const flood = anonymous.flatMap((one) => Array.from({ length: 10 }, () => pacing.pass(one(), incoming)));
  expect(await passed(flood, 0)).toBe(20);
  const others = [answer(200, {}), answer(404, { 'X-ratelimit': '0' })];
  expect(
    await passed(
      others.map((one) => pacing.pass(one(), incoming)),
      0,
    ),
  ).toBe(2);
});

it('no refusal waits for more than ten seconds', async () => {
  const pacing = new RefusalPacing({ perSecond: 10, capacity: 20 }, peer);
  const { incoming } = clientAt('192.0.2.1');
  const flood = Array.from({ length: 500 }, () => pacing.pass(refused(), incoming));
  expect(await passed(flood, 10_000)).toBe(500);
});

it('those that wait longest are not let go, and do not come back, all at once', async () => {
  const pacing = new RefusalPacing({ perSecond: 10, capacity: 20 }, peer);
  const { incoming } = clientAt('192.0.2.1');
  let goes = 0;
  for (let n = 0; n < 400; n++) void pacing.pass(refused(), incoming).then(() => goes++);
  await passed([], 0);
  let most = 0;
  while (goes < 400) {
    const before = goes;
    await passed([], 50);
    most = Math.max(most, goes - before);
  }
  // 280 of them within 2.5 s.
  expect(most).toBeLessThan(25);
});

it('nothing is left of one whose client leaves', async () => {
  const pacing = new RefusalPacing({ perSecond: 1, capacity: 1 }, peer);
  const { incoming, socket } = clientAt('192.0.2.1');
  const flood = Array.from({ length: 3 }, () => pacing.pass(refused(), incoming));
  await passed(flood, 0);
  expect(vi.getTimerCount()).toBe(2);
  socket.emit('close');
  expect(await passed(flood, 0)).toBe(3);
  expect([vi.getTimerCount(), socket.listenerCount('close')]).toEqual([0, 0]);
});

it('a crowd without credentials is worked on at that rate before any of it is answered', async () => {
  const pacing = new RefusalPacing({ perSecond: 10, capacity: 10 }, peer);
  const admitted = Array.from({ length: 30 }, () => pacing.admit(clientAt('192.0.2.1').incoming));
  expect(await passed(admitted, 0)).toBe(10);
  expect(await passed(admitted, 1000)).toBe(20);
  expect(await passed(admitted, 1000)).toBe(30);
});

it('an answer that is for its client alone takes no place of others', async () => {
  const pacing = new RefusalPacing({ perSecond: 10, capacity: 10 }, peer);
  const { request } = clientAt('192.0.2.1');
  for (let times = 0; times < 50; times++) {
    const login = Object.assign(request(), { url: '/v3/auth/tokens' });
    expect(await passed([pacing.admit(login)], 0)).toBe(1);
    await pacing.pass(new Response(null, { status: 201 }), login);
  }
});

it('a source that has had too many answers has its next requests without a credential worked on at that rate', async () => {
  const pacing = new RefusalPacing({ perSecond: 10, capacity: 10 }, peer);
  const { incoming, request } = clientAt('192.0.2.1');
  await passed(
    Array.from({ length: 10 }, () => pacing.pass(refused(), incoming)),
    0,
  );
  const crowd = Array.from({ length: 10 }, () => request());
  const admitted = crowd.map((one) => pacing.admit(one));
  const others = [
    pacing.admit(request({ 'x-auth-token': 'token' })),
    pacing.admit(request({ authorization: 'SDK-HMAC-SHA256' })),
    pacing.admit(clientAt('192.0.2.2').incoming),
  ];
  expect(await passed(others, 0)).toBe(3);
  expect(await passed(admitted, 500)).toBe(5);
  expect(await passed(admitted, 500)).toBe(10);
  // Their answers have waited then.
  const answers = crowd.map((one) => pacing.pass(refused(), one));
  expect(await passed(answers, 0)).toBe(10);
});
