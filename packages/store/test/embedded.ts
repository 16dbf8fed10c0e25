import { startEmbedded } from '@openfrs/embedded';
import {
  type Clients,
  createBuckets,
  createClients,
  createFaceSets,
  createTables,
  type StoreOptions,
} from '../src/index.ts';

/** Stores for a test, with the data table and the bucket of segments made. */
export interface TestStores extends Clients {
  readonly table: string;
  readonly bucket: string;
  /** Another instance of the service over the same stores: nothing in memory is shared. */
  instance(options?: Partial<StoreOptions>): ReturnType<typeof createFaceSets>;
  stop(): Promise<void>;
}

export const table = 'openfrs-data';
export const bucket = 'openfrs-index';

/** Starts dynalite and the embedded S3 on free ports, their data in a temporary folder. */
export async function startStores(): Promise<TestStores> {
  const embedded = await startEmbedded();
  const clients = createClients({
    region: embedded.region,
    dynamodbEndpoint: embedded.dynamodbEndpoint,
    s3Endpoint: embedded.s3Endpoint,
    credentials: embedded,
  });
  return withStores(clients, embedded.stop);
}

export async function withStores(clients: Clients, stop: () => Promise<void>): Promise<TestStores> {
  await createTables(clients.dynamodb, [table]);
  await createBuckets(clients.s3, [bucket]);
  return {
    ...clients,
    table,
    bucket,
    instance: (options) => createFaceSets({ ...clients, table, bucket, ...options }),
    stop: async () => {
      clients.destroy();
      await stop();
    },
  };
}
