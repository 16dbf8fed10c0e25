import { memoryAccounts } from '@openfrs/testing/memory-accounts';
import { expect, it } from 'vitest';
import type { Accounts } from '../ports/accounts.ts';
import { cachedAccounts, createDomain } from './index.ts';

const store = memoryAccounts();
const domain = await createDomain('acme', store);

function counted(accounts: Accounts): { accounts: Accounts; reads: string[] } {
  const reads: string[] = [];
  const domain = (id: string) => {
    reads.push(id);
    return accounts.domain(id);
  };
  return { accounts: { ...accounts, domain }, reads };
}

it('reads once while it is fresh, also for many at the same time', async () => {
  let now = 0;
  const { accounts, reads } = counted(store);
  const cached = cachedAccounts(accounts, { ttlMs: 100, clock: () => now });
  await Promise.all([cached.domain(domain.id), cached.domain(domain.id)]);
  now = 49;
  expect(await cached.domain(domain.id)).toEqual(domain);
  expect(reads).toHaveLength(1);
});

it('is read anew behind a request in the second half of its time, so that none has to wait', async () => {
  let now = 0;
  const { accounts, reads } = counted(store);
  const cached = cachedAccounts(accounts, { ttlMs: 100, clock: () => now });
  await cached.domain(domain.id);
  now = 60;
  await store.putDomain({ ...domain, enabled: false }, 'existing');
  await Promise.all([cached.domain(domain.id), cached.domain(domain.id)]);
  expect(reads).toHaveLength(2);
  now = 109;
  expect((await cached.domain(domain.id))?.enabled).toBe(false);
  expect(reads).toHaveLength(2);
  await store.putDomain(domain, 'existing');
});

it('read anew in vain, is good until its time is over and no longer', async () => {
  let now = 0;
  let fails = false;
  const flaky = {
    ...store,
    domain: async (id: string) => (fails ? Promise.reject(new Error('down')) : store.domain(id)),
  };
  const cached = cachedAccounts(flaky, { ttlMs: 100, clock: () => now });
  await cached.domain(domain.id);
  fails = true;
  now = 99;
  expect(await cached.domain(domain.id)).toEqual(domain);
  now = 100;
  await expect(cached.domain(domain.id)).rejects.toThrow('down');
});

it('sees a change when the time is over', async () => {
  let now = 0;
  const cached = cachedAccounts(store, { ttlMs: 100, clock: () => now });
  await cached.domain(domain.id);
  await store.putDomain({ ...domain, enabled: false }, 'existing');
  now = 100;
  expect((await cached.domain(domain.id))?.enabled).toBe(false);
  await store.putDomain(domain, 'existing');
});

it('holds no more than its capacity', async () => {
  const { accounts, reads } = counted(store);
  const cached = cachedAccounts(accounts, { ttlMs: 1e9, capacity: 2 });
  for (const id of ['a', 'b', 'c', 'b', 'c', 'a']) await cached.domain(id);
  expect(reads).toEqual(['a', 'b', 'c', 'a']);
});

it('does not keep failures', async () => {
  let fails = true;
  const flaky = {
    ...store,
    domain: async (id: string) => (fails ? Promise.reject(new Error('down')) : store.domain(id)),
  };
  const cached = cachedAccounts(flaky);
  await expect(cached.domain(domain.id)).rejects.toThrow('down');
  fails = false;
  expect(await cached.domain(domain.id)).toEqual(domain);
});
