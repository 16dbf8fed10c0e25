import type { FaceSets } from '@openfrs/core';
import { afterAll, beforeAll, describe } from 'vitest';
import { startStores, type TestStores } from './embedded.ts';
import { specifyFaceSets } from './specification.ts';

describe('face sets on dynalite and the embedded S3', () => {
  let stores: TestStores;
  let instances: { one: FaceSets; two: FaceSets };
  beforeAll(async () => {
    stores = await startStores();
    instances = { one: stores.instance(), two: stores.instance() };
  });
  afterAll(() => stores.stop());

  specifyFaceSets(() => instances);
});
