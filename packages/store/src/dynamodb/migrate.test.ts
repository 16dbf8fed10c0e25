import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startStores, type TestStores } from '../../test/embedded.ts';
import { type Migration, migrate, schemaVersion } from './migrate.ts';
import { openTable } from './table.ts';
import { createTables } from './tables.ts';

describe('the layout of a table', () => {
  let stores: TestStores;
  beforeAll(async () => {
    stores = await startStores();
  });
  afterAll(() => stores.stop());
  let tables = 0;
  async function newTable(): Promise<string> {
    const name = `table-${tables++}`;
    await createTables(stores.dynamodb, [name]);
    return name;
  }
  const adds = (to: number): Migration => ({
    to,
    run: async (table) => {
      await table.put({ pk: 'DONE', sk: String(to) });
    },
  });

  it('is marked by the first migration, and another does nothing', async () => {
    const table = await newTable();
    expect(await migrate(stores.dynamodb, table)).toEqual({ from: undefined, to: schemaVersion });
    expect(await migrate(stores.dynamodb, table)).toEqual({ from: schemaVersion, to: schemaVersion });
  });

  it('is changed step by step, goes on where it was cut off, and is refused where it is newer', async () => {
    const name = await newTable();
    const table = openTable(stores.dynamodb, name);
    await migrate(stores.dynamodb, name);
    const broken: Migration = { to: 3, run: () => Promise.reject(new Error('cut off')) };
    await expect(migrate(stores.dynamodb, name, [adds(2), broken])).rejects.toThrow('cut off');
    expect(await table.get({ pk: 'DONE', sk: '2' })).toBeDefined();
    const steps = [{ to: 2, run: () => Promise.reject(new Error('done before')) }, adds(3)];
    expect(await migrate(stores.dynamodb, name, steps)).toEqual({ from: 2, to: 3 });
    expect(await table.get({ pk: 'DONE', sk: '3' })).toBeDefined();
    await expect(migrate(stores.dynamodb, name)).rejects.toThrow('use a newer one');
  });

  it('comes to the same when several migrate at a time', async () => {
    const name = await newTable();
    const steps = [adds(2), adds(3)];
    await Promise.all(Array.from({ length: 5 }, () => migrate(stores.dynamodb, name, steps)));
    expect(await migrate(stores.dynamodb, name, steps)).toEqual({ from: 3, to: 3 });
  });
});
