import { stat } from 'node:fs/promises';
import { hashPassword, scryptInPool, verifyPassword } from '@openfrs/core';
import { afterAll, expect, it } from 'vitest';
import { startPasswordThread } from './password-thread.ts';

const thread = startPasswordThread();
afterAll(() => thread.close());

const cheap = { N: 16, r: 8, p: 1, salt: Buffer.from('salt'), length: 32 };

it('derives the key that scrypt derives', async () => {
  const [own, other] = await Promise.all([
    thread.derive('pässword', cheap),
    scryptInPool.derive('pässword', cheap),
  ]);
  expect(Buffer.from(own)).toEqual(other);
  const hash = await hashPassword('correct horse', thread);
  expect(await verifyPassword('correct horse', hash)).toBe(true);
  expect(await verifyPassword('wrong', hash, thread)).toBe(false);
});

it('leaves the threads that read files alone: many passwords keep no file waiting', async () => {
  let hashed = 0;
  const lighter = { ...cheap, N: 2 ** 14, p: 2 };
  const hashes = Array.from({ length: 12 }, () => thread.derive('password', lighter).then(() => hashed++));
  await stat('.');
  // In libuv's pool of four, the file would wait for nine of them.
  expect(hashed).toBeLessThan(9);
  await Promise.all(hashes);
});

it('rejects parameters that can not be, and goes on', async () => {
  await expect(thread.derive('x', { ...cheap, N: 15 })).rejects.toThrow('scrypt');
  expect(await thread.derive('x', cheap)).toHaveLength(32);
});

it('is replaced when it has ended; what it had in hand is rejected', async () => {
  const other = startPasswordThread();
  const cut = other.derive('x', { ...cheap, N: 2 ** 15, p: 10 });
  const rejected = expect(cut).rejects.toThrow('ended');
  await other.close();
  await rejected;
  expect(await other.derive('x', cheap)).toHaveLength(32);
  await other.close();
});
