import fc from 'fast-check';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { startStores, type TestStores } from './embedded.ts';
import { histories, play } from './history.ts';

/** How many histories; thousands are asked for by the environment. */
const runs = Number(process.env.FRS_TEST_HISTORIES ?? 60);

describe('face sets against a model, over random histories of writes, compactions, restarts and crashes', () => {
  let stores: TestStores;
  beforeAll(async () => {
    stores = await startStores();
  });
  afterAll(() => stores.stop());

  it(
    `holds in ${runs} histories`,
    async () => {
      await fc.assert(
        fc.asyncProperty(histories, (history) => play(stores, history)),
        { numRuns: runs, endOnFailure: process.env.FRS_TEST_SHRINK === undefined },
      );
    },
    runs * 10_000,
  );
});
