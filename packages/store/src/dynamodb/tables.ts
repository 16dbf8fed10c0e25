import {
  CreateTableCommand,
  type DynamoDBClient,
  ResourceInUseException,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, HeadBucketCommand, type S3Client } from '@aws-sdk/client-s3';

/**
 * The data table: face sets and their faces. The deployment creates it from these constants, and so does
 * `createTables`.
 */
export const dataTable = {
  hashKey: 'pk',
  rangeKey: 'sk',
  fields: { pk: 'string', sk: 'string' },
  /** Tidies up what is only remembered for a while; nothing depends on its being removed. */
  ttl: 'expires',
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
