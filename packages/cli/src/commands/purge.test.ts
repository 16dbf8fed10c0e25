import { createAccount, newSecretKey, secretKeys } from '@openfrs/core';
import { sdkVariables } from '@openfrs/embedded';
import { startInThread } from '@openfrs/embedded/in-thread';
import {
  createBuckets,
  createClients,
  createFaceSets,
  createMaintenance,
  createTables,
  dynamodbAccounts,
} from '@openfrs/store';
import { afterAll, expect, it } from 'vitest';
import { runCommand } from '../../../../test/support/run-command.ts';

const embedded = await startInThread();
const clients = createClients({ ...embedded, credentials: embedded });
await createTables(clients.dynamodb, ['openfrs-accounts', 'openfrs-data']);
await createBuckets(clients.s3, ['openfrs-index']);
afterAll(async () => {
  clients.destroy();
  await embedded.stop();
});

async function purge() {
  const { code, out } = await runCommand(['purge', '--verify', '--json'], sdkVariables(embedded));
  return { code, ...(JSON.parse(out) as Record<string, number>) };
}

it('openfrs purge --verify tells of a deleted face until its old segment is gone', async () => {
  const accounts = dynamodbAccounts(clients.dynamodb, 'openfrs-accounts');
  const { projectId } = await createAccount(
    { domain: 'acme', user: 'ann', project: 'here' },
    { accounts, secrets: secretKeys(newSecretKey()) },
  );
  const stores = { ...clients, table: 'openfrs-data', bucket: 'openfrs-index' };
  const faceSets = createFaceSets(stores);
  const set = await faceSets.create(
    projectId,
    { name: 'people', capacity: 10_000, fields: {}, model: 'm', dimension: 64 },
    10,
  );
  const added = await faceSets.add(
    set,
    [0, 1, 2].map((number) => ({
      box: { topLeftX: 0, topLeftY: 0, width: 1, height: 1 },
      externalImageId: `photo-${number}`,
      fields: {},
      vector: Float32Array.from({ length: 64 }, (_, at) => (at === number ? 1 : 0)),
    })),
  );
  await createMaintenance(stores).compact(projectId, 'people', { all: true });
  expect(await purge()).toMatchObject({ code: 0, sets: 1, faces: 3, segments: 1, deletedFacesInSegments: 0 });
  const value = added[1]?.faceId ?? '';
  await faceSets.removeMatching(set, { kind: 'equals', field: 'face_id', value });
  expect(await purge()).toMatchObject({ code: 1, faces: 2, deletedFacesInSegments: 1 });
  const later = createMaintenance({ ...stores, now: () => Date.now() + 20 * 60_000 });
  await later.sweep();
  await later.sweep();
  expect(await purge()).toMatchObject({ code: 0, faces: 2, deletedFacesInSegments: 0 });
  await faceSets.remove(projectId, 'people');
  await later.sweep();
  expect(await purge()).toMatchObject({ code: 0, sets: 0, faces: 0, segments: 0, recordsOfDeletedSets: 0 });
});
