import { setImmediate } from 'node:timers/promises';
import { FrsError } from '@openfrs/contract';
import { expect, it } from 'vitest';
import { createLoginQueue } from './login-queue.ts';

/** Logins whose passwords are hashed one by one, as the test lets them. */
function hashing() {
  const queue = createLoginQueue();
  const order: string[] = [];
  const refused: unknown[] = [];
  let running = 0;
  let most = 0;
  const login = (source: string, account: string, signal?: AbortSignal) => {
    const work = async () => {
      most = Math.max(most, ++running);
      order.push(`${source} ${account}`);
      await setImmediate();
      running -= 1;
    };
    return queue.run({ source, account }, work, signal).catch((error: unknown) => refused.push(error));
  };
  return { login, order, refused, most: () => most };
}

it('hashes one password at a time; what one source sends lets others go before', async () => {
  const { login, order, refused, most } = hashing();
  const flood = Array.from({ length: 150 }, (_, index) => login('a', `guess ${index}`));
  const honest = login('b', 'ann');
  await honest;
  expect(order.indexOf('b ann')).toBeLessThan(3);
  await Promise.all(flood);
  expect(most()).toBe(1);
  // One is hashed, 32 wait.
  expect(refused).toHaveLength(150 - 33);
  expect(refused.every((error) => error instanceof FrsError && error.code === 'FRS.0033')).toBe(true);
  expect((refused[0] as FrsError).retryAfterSeconds).toBeGreaterThan(1);
});

it('keeps room for another account of a source, such as a proxy', async () => {
  const { login, order, refused } = hashing();
  const flood = Array.from({ length: 150 }, () => login('proxy', 'guessed'));
  await login('proxy', 'ann');
  expect(order.indexOf('proxy ann')).toBeLessThan(3);
  await Promise.all(flood);
  expect(refused).toHaveLength(150 - 17);
});

it.each([2, 40])(
  'has a place for a login beside %i sources that send 40 each and ask again at once',
  async (count) => {
    const { login, order } = hashing();
    const flood = async (source: string) => {
      for (let asked = 0; asked < 40; asked++) await login(source, `guess ${asked}`);
    };
    const sources = Array.from({ length: count }, (_, index) => `hostile ${index}`);
    const floods = sources.flatMap((source) => Array.from({ length: 40 }, () => flood(source)));
    await setImmediate();
    for (let honest = 0; honest < 5; honest++) {
      const before = order.length;
      await login('honest', 'ann');
      expect(order.slice(before, before + count + 2)).toContain('honest ann');
    }
    await Promise.all(floods);
  },
);

it('looks two accounts up at a time; what has no place is refused before, and another source is next', async () => {
  const queue = createLoginQueue();
  const [order, refused]: [string[], unknown[]] = [[], []];
  let [running, most] = [0, 0];
  const lookUp = (source: string) => {
    const work = async () => {
      most = Math.max(most, ++running);
      order.push(source);
      await setImmediate();
      running -= 1;
    };
    return queue.lookUp(source, work).catch((error: unknown) => refused.push(error));
  };
  const flood = Array.from({ length: 150 }, () => lookUp('a'));
  await lookUp('b');
  expect(order.indexOf('b')).toBeLessThan(4);
  await Promise.all(flood);
  expect(most).toBe(2);
  expect(refused).toHaveLength(150 - 34);
});

it('drops a waiting login whose client has left', async () => {
  const { login, order } = hashing();
  const client = new AbortController();
  const all = [login('a', 'first'), login('b', 'left', client.signal), login('c', 'last')];
  client.abort();
  await Promise.all(all);
  expect(order).toEqual(['a first', 'c last']);
});
