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
  const leases = () => dynamodbLeases(stores.dynamodb, table, () => clock);

  it('is of one at a time, who may prolong it, until it ends by itself', async () => {
    const { hold } = leases();
    expect(await hold('sweep', 'a', 100)).toBe(true);
    expect(await hold('sweep', 'b', 100)).toBe(false);
    expect(await hold('other', 'b', 100)).toBe(true);
    clock = 90;
    expect(await hold('sweep', 'a', 100)).toBe(true);
    clock = 150;
    expect(await hold('sweep', 'b', 100)).toBe(false);
    clock = 191;
    expect(await hold('sweep', 'b', 100)).toBe(true);
    expect(await hold('sweep', 'a', 100)).toBe(false);
  });

  it('is free at once when it was given back, by its holder only', async () => {
    const { hold, release } = leases();
    expect(await hold('set', 'a', 100)).toBe(true);
    await release('set', 'b');
    expect(await hold('set', 'b', 100)).toBe(false);
    await release('set', 'a');
    expect(await hold('set', 'b', 100)).toBe(true);
    await release('never', 'a');
  });

  it('is got by one of many who want it at once', async () => {
    const { hold } = leases();
    const got = await Promise.all(Array.from({ length: 20 }, (_, n) => hold('crowd', `owner ${n}`, 100)));
    expect(got.filter(Boolean)).toHaveLength(1);
  });
});
