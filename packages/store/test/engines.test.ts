import type { FaceSets } from '@openfrs/core';
import { readConfig } from '@openfrs/core';
import { prepareEngines, startEngines } from '@openfrs/testing/engines';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { openStores, type TestStores } from './embedded.ts';
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
});
