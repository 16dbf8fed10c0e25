import {
  CreateTableCommand,
  type DynamoDBClient,
  DynamoDBServiceException,
  ResourceInUseException,
  ResourceNotFoundException,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import {
  CreateBucketCommand,
  HeadBucketCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import type { Config } from '@openfrs/core';
import type { StoreClients } from './clients.ts';
import { expiryAttribute, openTable } from './table.ts';

/**
 * The data table: face sets and their faces. The deployment creates it from these constants, and so does
 * `createTables`.
 */
export const dataTable = {
  hashKey: 'pk',
  rangeKey: 'sk',
  fields: { pk: 'string', sk: 'string' },
  /** Tidies up what is only remembered for a while; nothing depends on its being removed. */
  ttl: expiryAttribute,
} as const;

/** Creates the tables that don't exist yet, on demand, and waits until they can be used. */
export async function createTables(
  client: Pick<DynamoDBClient, 'send'>,
  names: readonly string[],
): Promise<void> {
  for (const name of names) {
    try {
      await client.send(
        new CreateTableCommand({
          TableName: name,
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: [
            { AttributeName: dataTable.hashKey, AttributeType: 'S' },
            { AttributeName: dataTable.rangeKey, AttributeType: 'S' },
          ],
          KeySchema: [
            { AttributeName: dataTable.hashKey, KeyType: 'HASH' },
            { AttributeName: dataTable.rangeKey, KeyType: 'RANGE' },
          ],
        }),
      );
    } catch (error) {
      if (!(error instanceof ResourceInUseException)) throw error;
    }
    await waitUntilTableExists(
      { client: client as DynamoDBClient, maxWaitTime: 60, minDelay: 1 },
      { TableName: name },
    );
    await expire(client, name);
  }
}

/** Lets the engine remove what is only remembered for a while, where it can: nothing depends on it. */
async function expire(client: Pick<DynamoDBClient, 'send'>, name: string): Promise<void> {
  const specification = { AttributeName: dataTable.ttl, Enabled: true };
  try {
    await client.send(
      new UpdateTimeToLiveCommand({ TableName: name, TimeToLiveSpecification: specification }),
    );
  } catch (error) {
    // It is on already, or the engine has none.
    if (!(error instanceof DynamoDBServiceException)) throw error;
  }
}

/** Creates the buckets that don't exist yet. */
export async function createBuckets(client: S3Client, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const there = await client.send(new HeadBucketCommand({ Bucket: name })).then(
      () => true,
      () => false,
    );
    if (!there) await client.send(new CreateBucketCommand({ Bucket: name }));
  }
}

export interface StoreNames {
  readonly tables: readonly string[];
  readonly buckets: readonly string[];
}

/** The tables and buckets that a service works on. */
export const storeNames = (config: Config): StoreNames => ({
  tables: [config.dataTable, config.accountsTable, config.limitsTable],
  buckets: [config.indexBucket, config.mediaBucket],
});

/**
 * Asks every table and bucket for something that isn't there. What may not be asked is taken to be there.
 * @returns those that don't exist
 * @throws Error a store that can't be reached
 */
export async function missingStores(
  { dynamodb, s3 }: StoreClients,
  { tables, buckets }: StoreNames,
): Promise<StoreNames> {
  const [missingTables, missingBuckets] = await Promise.all([
    missingOf(tables, (name) => openTable(dynamodb, name).get({ pk: 'NONE', sk: 'NONE' })),
    missingOf(buckets, (name) => s3.send(new HeadBucketCommand({ Bucket: name }))),
  ]);
  return { tables: missingTables, buckets: missingBuckets };
}

async function missingOf(
  names: readonly string[],
  ask: (name: string) => Promise<unknown>,
): Promise<string[]> {
  const found = await Promise.all(
    names.map(async (name) => {
      try {
        await ask(name);
        return true;
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return false;
        const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
        if (error instanceof S3ServiceException && status === 404) return false;
        if (status === 403 || (error as Error).name === 'AccessDeniedException') return true;
        throw error;
      }
    }),
  );
  return names.filter((_, at) => !found[at]);
}
