import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { type EmbeddedOptions, type EmbeddedStores, startEmbedded } from '@openfrs/embedded';
import { afterAll, beforeAll } from 'vitest';

export const bucket = 'photos';

type Started = Pick<
  EmbeddedStores,
  'region' | 'accessKeyId' | 'secretAccessKey' | 's3Endpoint' | 'dynamodbEndpoint'
>;

export function clientConfig(stores: Started) {
  const { region, accessKeyId, secretAccessKey } = stores;
  return { region, credentials: { accessKeyId, secretAccessKey } };
}

export function s3Client(stores: Started, config: S3ClientConfig = {}): S3Client {
  return new S3Client({ ...clientConfig(stores), endpoint: stores.s3Endpoint, ...config });
}

export function dynamodbClient(stores: Started): DynamoDBClient {
  return new DynamoDBClient({ ...clientConfig(stores), endpoint: stores.dynamodbEndpoint });
}

/** A table `items` whose items are named by a text, `id`. */
export async function createItemsTable(client: DynamoDBClient): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName: 'items',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }),
  );
}

/** Stores for one file of tests, with a bucket in them. */
export function useStores(options: EmbeddedOptions = {}): { stores: EmbeddedStores; s3: S3Client } {
  const use = {} as { stores: EmbeddedStores; s3: S3Client };
  beforeAll(async () => {
    use.stores = await startEmbedded(options);
    use.s3 = s3Client(use.stores);
    await use.s3.send(new CreateBucketCommand({ Bucket: bucket }));
  });
  afterAll(async () => {
    use.s3?.destroy();
    await use.stores?.stop();
  });
  return use;
}

/** Bytes that no compression or shift leaves looking the same. */
export function bytes(size: number, seed = 1): Buffer {
  const out = Buffer.alloc(size);
  let state = seed;
  for (let index = 0; index < size; index++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    out[index] = state >>> 24;
  }
  return out;
}

/** The name and status of the error that a call ends with. */
export async function failure(call: Promise<unknown>): Promise<{ name: string; status: number | undefined }> {
  try {
    await call;
  } catch (error) {
    const { name, $metadata } = error as { name: string; $metadata?: { httpStatusCode?: number } };
    return { name, status: $metadata?.httpStatusCode };
  }
  throw new Error('the call succeeded');
}
