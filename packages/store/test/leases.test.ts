import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dynamodbLeases } from '../src/index.ts';
import { startStores, type TestStores, table } from './embedded.ts';

let stores: TestStores;
beforeAll(async () => {
  stores = await startStores();
});
afterAll(() => stores.stop());

describe('a lease', () => {
  let clock = 0;
  const leases = (dynamodb = stores.dynamodb) => dynamodbLeases(dynamodb, table, () => clock);

  it('is of one at a time, who may prolong it, until it ends by itself', async () => {
    const { take } = leases();
    const first = await take('sweep', 'a', 100);
    expect(first).toBeDefined();
    expect(await take('sweep', 'b', 100)).toBeUndefined();
    expect(await take('other', 'b', 100)).toBeDefined();
    clock = 90;
    expect(await first?.prolong(100)).toBe(true);
    clock = 150;
    expect(await take('sweep', 'b', 100)).toBeUndefined();
    clock = 191;
    expect(await take('sweep', 'b', 100)).toBeDefined();
    expect(await first?.prolong(100)).toBe(false);
    expect(await take('sweep', 'a', 100)).toBeUndefined();
  });

  it('is free at once when it was given back, by its holder only', async () => {
    const { take } = leases();
    const lease = await take('set', 'a', 100);
    await lease?.release();
    const next = await take('set', 'b', 100);
    expect(next).toBeDefined();
    await lease?.release();
    expect(await take('set', 'a', 100)).toBeUndefined();
  });

  it('that its owner takes again is prolonged and given back by whoever took it last', async () => {
    const { take } = leases();
    const before = await take('restart', 'a', 100);
    const after = await take('restart', 'a', 100);
    expect(await before?.prolong(1000)).toBe(false);
    await before?.release();
    expect(await take('restart', 'b', 100)).toBeUndefined();
    expect(await after?.prolong(100)).toBe(true);
  });

  it('stays free when a prolongation arrives behind its release', async () => {
    let letGo = () => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    let sent = 0;
    const slow = {
      send: async (command: object) => {
        if (sent++ === 1) await held;
        return stores.dynamodb.send(command as never);
      },
    } as unknown as TestStores['dynamodb'];
    const lease = await leases(slow).take('late', 'a', 100);
    const late = lease?.prolong(100_000);
    await pause(0);
    await lease?.release();
    letGo();
    expect(await late).toBe(false);
    expect(await leases().take('late', 'b', 100)).toBeDefined();
  });

  it('is free, as all of an owner whose work was cut off, and nobody else’s', async () => {
    const { take, releaseAll } = leases();
    const cut = await take('cut 1', 'gone', 100_000);
    await take('cut 2', 'gone', 100_000);
    await take('kept', 'alive', 100_000);
    await releaseAll('gone');
    expect(await cut?.prolong(100_000)).toBe(false);
    expect(await take('cut 1', 'b', 100)).toBeDefined();
    expect(await take('cut 2', 'b', 100)).toBeDefined();
    expect(await take('kept', 'b', 100)).toBeUndefined();
  });

  it('is got by one of many who want it at once', async () => {
    const { take } = leases();
    const got = await Promise.all(Array.from({ length: 20 }, (_, n) => take('crowd', `owner ${n}`, 100)));
    expect(got.filter(Boolean)).toHaveLength(1);
  });
});
