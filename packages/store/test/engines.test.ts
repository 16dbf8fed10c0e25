import type { FaceSets } from '@openfrs/core';
import { newSecretKey, readConfig, secretKeys } from '@openfrs/core';
import { prepareEngines, startEngines } from '@openfrs/testing/engines';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { again, fill, linesOf, mediaBucket, withAccounts } from './backed-up.ts';
import { openStores, startStores, type TestStores } from './embedded.ts';
import { histories, play } from './history.ts';
import { specifyFaceSets } from './specification.ts';

const reason = await prepareEngines();
if (reason !== undefined) console.info(`The tests on SeaweedFS and dynoxide are left out: ${reason}.`);

describe.runIf(reason === undefined)('face sets on SeaweedFS and dynoxide', () => {
  let stores: TestStores;
  let instances: { one: FaceSets; two: FaceSets };
  beforeAll(async () => {
    const engines = await startEngines();
    stores = await openStores(readConfig(engines.settings).aws, engines.stop);
    instances = { one: stores.instance(), two: stores.instance() };
  });
  afterAll(() => stores?.stop());

  specifyFaceSets(() => instances);

  it('hold in random histories', async () => {
    await fc.assert(
      fc.asyncProperty(histories, (history) => play(stores, history)),
      { numRuns: 6, endOnFailure: true },
    );
  }, 120_000);

  it('take the backup of embedded stores, and give it back to others', async () => {
    const secrets = secretKeys(newSecretKey());
    const embedded = await startStores();
    const [first, last] = [await withAccounts(embedded), await withAccounts(embedded, '-back')];
    const { account, set } = await fill(first, secrets);
    const between = await withAccounts(stores, '-backup');
    await between.backups().restore(again(await linesOf(first.backups())), { secrets, mediaBucket });
    await last.backups().restore(again(await linesOf(between.backups())), { secrets, mediaBucket });
    const there = await last.stores.instance().get(account.projectId, 'people');
    expect(there).toEqual(set);
    const page = await last.stores.instance().page(there, 0, 100);
    expect(page).toEqual(await first.stores.instance().page(set, 0, 100));
    await embedded.stop();
  });
});
