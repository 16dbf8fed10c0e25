import { join } from 'node:path';
import type { AwsConfig, Config } from '@openfrs/core';
import type { EmbeddedStores, ExpiryRule } from '@openfrs/embedded';
import {
  createBuckets,
  createClients,
  createTables,
  dynamodbAccounts,
  storeNames,
  uploadsKept,
} from '@openfrs/store';
import type { Health } from './health.ts';
import { keptSecretKey } from './secret-key.ts';

/** As a lifecycle rule; with this one the stores also end uploads that were never completed. */
export const expiryOfUploads = ({ mediaBucket }: Config): ExpiryRule[] => [
  { bucket: mediaBucket, prefix: uploadsKept.prefix, afterMs: uploadsKept.ms },
];

/** The settings of a service on these stores, whatever the environment says of others. */
export function settingsOfStores(config: Config, stores: EmbeddedStores): Config {
  return { ...config, aws: awsConfig(stores), mediaHosts: [...mediaHosts(stores)] };
}

/** Degraded while nothing can be written: what reads goes on. */
export function storesHealth(stores: EmbeddedStores): Health {
  const reason = stores.storageFault();
  return reason === undefined
    ? { status: 'ok' }
    : { status: 'degraded', reason: `nothing can be written: ${reason}` };
}

/** Makes what isn't there yet. @returns the key that seals secrets and signs tokens */
export async function prepareStores(config: Config, hasCredentials: boolean): Promise<string> {
  const { dynamodb, s3, destroy } = createClients(config.aws);
  try {
    const { tables, buckets } = storeNames(config);
    await createTables(dynamodb, tables);
    await createBuckets(s3, buckets);
    return await keptSecretKey({
      file: join(config.dataDir, 'secret.key'),
      given: config.secretKey,
      accounts: dynamodbAccounts(dynamodb, config.accountsTable),
      hasCredentials,
    });
  } finally {
    destroy();
  }
}

/** A developer's own AWS account has no part in it, whatever the environment says. */
function awsConfig({
  region,
  dynamodbEndpoint,
  s3Endpoint,
  accessKeyId,
  secretAccessKey,
}: EmbeddedStores): AwsConfig {
  return { region, dynamodbEndpoint, s3Endpoint, credentials: { accessKeyId, secretAccessKey } };
}

/** The embedded S3 under both of its names. */
function mediaHosts(stores: EmbeddedStores): string[] {
  const { port } = new URL(stores.s3Endpoint);
  return [`127.0.0.1:${port}`, `localhost:${port}`];
}
