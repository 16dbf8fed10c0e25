import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { readConfig } from '@openfrs/core';
import { storeCallsEnded, sweepsEnded, tasksEnded } from '@openfrs/core/observation';
import { sdkVariables } from '@openfrs/embedded';
import { type StoresInThread, startInThread } from '@openfrs/embedded/in-thread';
import { createService, parts } from '@openfrs/service';
import { createBuckets, createTables, dynamodbLeases, storeNames } from '@openfrs/store';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { maintenanceThreadOf } from './maintenance-thread.ts';

vi.setConfig({ testTimeout: 240_000 });

let stores: StoresInThread;
beforeAll(async () => {
  stores = await startInThread();
});
afterAll(() => stores.stop());

it('removes what has expired, and at a stop leaves the leases to another server at once', async () => {
  const config = readConfig(sdkVariables(stores));
  const service = createService(config, { operations: [] });
  const dynamodb = service.resolve(parts.dynamodb);
  const s3 = service.resolve(parts.s3);
  await createTables(dynamodb, storeNames(config).tables);
  await createBuckets(s3, storeNames(config).buckets);
  const key = { pk: { S: 'RATE#x' }, sk: { S: 'long ago' } };
  await dynamodb.send(
    new PutItemCommand({ TableName: config.limitsTable, Item: { ...key, expires: { N: '1000000000' } } }),
  );
  // What the thread does is measured where the metrics are.
  const sweeps: object[] = [];
  const scans: string[] = [];
  const tasks: object[] = [];
  const ends = [
    sweepsEnded.watch((ended) => sweeps.push(ended)),
    tasksEnded.watch((ended) => tasks.push(ended)),
    storeCallsEnded.watch(({ call }) => call.operation === 'Scan' && scans.push(call.store)),
  ];
  service.resolve(maintenanceThreadOf('a'));
  const leases = dynamodbLeases(dynamodb, config.dataTable);
  await vi.waitFor(
    async () => {
      const { Item } = await dynamodb.send(new GetItemCommand({ TableName: config.limitsTable, Key: key }));
      expect(Item).toBeUndefined();
    },
    { timeout: 120_000, interval: 100 },
  );
  expect(await leases.take('sweeper', 'b', 1000)).toBeUndefined();
  await vi.waitFor(() => expect(sweeps).toMatchObject([{ failures: 0, piecesDue: 0 }]), 120_000);
  expect(tasks).toMatchObject([{ task: { name: 'sweep' }, done: true }]);
  expect(scans).toContain('dynamodb');
  for (const end of ends) end();
  await service.close();
  const other = createService(config, { operations: [] });
  expect(await other.resolve(parts.leases).take('sweeper', 'b', 1000)).toBeDefined();
  await other.close();
});
