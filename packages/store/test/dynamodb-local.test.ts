import type { FaceSets } from '@openfrs/core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { prepareDynamodbLocal, startDynamodbLocal } from './dynamodb-local.ts';
import type { TestStores } from './embedded.ts';
import { histories, play } from './history.ts';
import { specifyFaceSets } from './specification.ts';

const reason = await prepareDynamodbLocal();
if (reason !== undefined) console.info(`The tests on DynamoDB Local are left out: ${reason}.`);

describe.runIf(reason === undefined)('face sets on DynamoDB Local', () => {
  let stores: TestStores;
  let instances: { one: FaceSets; two: FaceSets };
  beforeAll(async () => {
    stores = await startDynamodbLocal();
    instances = { one: stores.instance(), two: stores.instance() };
  });
  afterAll(() => stores.stop());

  specifyFaceSets(() => instances);

  it('hold in random histories', async () => {
    await fc.assert(
      fc.asyncProperty(histories, (history) => play(stores, history)),
      { numRuns: 6, endOnFailure: true },
    );
  }, 120_000);
});
