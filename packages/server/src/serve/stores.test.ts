import { createAccount, newSecretKey, readConfig, secretKeys } from '@openfrs/core';
import { sdkVariables } from '@openfrs/embedded';
import { type StoresInThread, startInThread } from '@openfrs/embedded/in-thread';
import { createBuckets, createClients, createTables, dynamodbAccounts, storeNames } from '@openfrs/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readiness } from './ready.ts';
import { engineStores } from './stores.ts';

let engines: StoresInThread;
const secretKey = newSecretKey();
let settings: Record<string, string>;
beforeAll(async () => {
  engines = await startInThread();
  settings = { ...sdkVariables(engines), FRS_SECRET_KEY: secretKey, FRS_TABLE_DATA: 'my-data' };
});
afterAll(() => engines.stop());

const open = (others: Record<string, string> = {}) =>
  engineStores(readConfig({ ...settings, ...others })).then(
    () => 'open',
    (error: Error) => error.message,
  );

describe('a start on engines', () => {
  it('looks at the key first: without one nothing is asked', async () => {
    const away = { AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:9' };
    expect(await open({ ...away, FRS_SECRET_KEY: '' })).toMatch(/^FRS_SECRET_KEY must be set/);
    expect(await open({ ...away, FRS_SECRET_KEY: 'short' })).toMatch(/^FRS_SECRET_KEY holds a key/);
  });

  it('names all that is missing, and what makes it', async () => {
    expect(await open()).toBe(
      'the table my-data, the table openfrs-accounts, the table openfrs-limits, the bucket openfrs-index, the bucket openfrs-media: not there. `openfrs setup` makes what is missing.',
    );
  });

  it('needs the key that the accounts were made with', async () => {
    const config = readConfig(settings);
    const clients = createClients(config.aws);
    await createTables(clients.dynamodb, storeNames(config).tables);
    await createBuckets(clients.s3, storeNames(config).buckets);
    expect(await open()).toBe('open');
    // Nothing was sealed yet: any key will do.
    expect(await open({ FRS_SECRET_KEY: newSecretKey() })).toBe('open');
    await createAccount(
      { domain: 'acme', user: 'ann', project: 'one' },
      { accounts: dynamodbAccounts(clients.dynamodb, config.accountsTable), secrets: secretKeys(secretKey) },
    );
    clients.destroy();
    expect(await open()).toBe('open');
    expect(await open({ FRS_SECRET_KEY: newSecretKey() })).toMatch(/^FRS_SECRET_KEY is not the key/);
    expect(await open({ FRS_SECRET_KEY: `${newSecretKey()},${secretKey}` })).toBe('open');
  });

  it('says where an engine can not be reached', async () => {
    expect(await open({ AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9' })).toMatch(
      /^The stores can't be reached: .*ECONNREFUSED/,
    );
  });
});

it('is ready while every store answers, and says no more than that it is not', async () => {
  const config = readConfig(settings);
  const clients = createClients(config.aws);
  expect(await readiness(clients, storeNames(config))()).toEqual({ status: 'ready' });
  const others = { tables: ['my-data', 'none'], buckets: ['nowhere'] };
  expect(await readiness(clients, others)()).toEqual({
    status: 'not ready',
    reason: 'a table or bucket is missing',
  });
  const away = createClients({ ...config.aws, s3Endpoint: 'http://127.0.0.1:9' });
  expect(await readiness(away, storeNames(config))()).toEqual({
    status: 'not ready',
    reason: 'the stores do not answer',
  });
  for (const each of [clients, away]) each.destroy();
});
