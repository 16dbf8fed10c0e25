import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startStores, type TestStores } from '../../test/embedded.ts';
import { createTables } from './tables.ts';
import { openDatabase } from './table.ts';
import { type Migration, migrate, schemaVersion } from './migrate.ts';

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
    run: async (database) => {
      await database.put({ pk: 'DONE', sk: String(to) });
    },
  });

  it('is marked by the first migration, and another does nothing', async () => {
    const table = await newTable();
    expect(await migrate(stores.dynamodb, table)).toEqual({ from: undefined, to: schemaVersion });
    expect(await migrate(stores.dynamodb, table)).toEqual({ from: schemaVersion, to: schemaVersion });
  });

  it('is changed step by step, goes on where it was cut off, and is refused where it is newer', async () => {
    const table = await newTable();
    const database = openDatabase(stores.dynamodb, table);
    await migrate(stores.dynamodb, table);
    const broken: Migration = { to: 3, run: () => Promise.reject(new Error('cut off')) };
    await expect(migrate(stores.dynamodb, table, [adds(2), broken])).rejects.toThrow('cut off');
    expect(await database.get({ pk: 'DONE', sk: '2' })).toBeDefined();
    const steps = [{ to: 2, run: () => Promise.reject(new Error('done before')) }, adds(3)];
    expect(await migrate(stores.dynamodb, table, steps)).toEqual({ from: 2, to: 3 });
    expect(await database.get({ pk: 'DONE', sk: '3' })).toBeDefined();
    await expect(migrate(stores.dynamodb, table)).rejects.toThrow('use a newer one');
  });

  it('comes to the same when several migrate at a time', async () => {
    const table = await newTable();
    const steps = [adds(2), adds(3)];
    await Promise.all(Array.from({ length: 5 }, () => migrate(stores.dynamodb, table, steps)));
    expect(await migrate(stores.dynamodb, table, steps)).toEqual({ from: 3, to: 3 });
  });
});
