import { startInThread } from '@openfrs/embedded/in-thread';
import {
  type Clients,
  type ClientsConfig,
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
  readonly config: ClientsConfig;
  /** Another instance of the service over the same stores: nothing in memory is shared. */
  instance(options?: Partial<StoreOptions>): ReturnType<typeof createFaceSets>;
  stop(): Promise<void>;
}

export const table = 'openfrs-data';
export const bucket = 'openfrs-index';

/** Starts dynalite and the embedded S3 on free ports, their data in a temporary folder. */
export async function startStores(): Promise<TestStores> {
  const embedded = await startInThread();
  const config = {
    region: embedded.region,
    dynamodbEndpoint: embedded.dynamodbEndpoint,
    s3Endpoint: embedded.s3Endpoint,
    credentials: embedded,
  };
  return openStores(config, embedded.stop);
}

/** Makes the table and the bucket at these endpoints. */
export async function openStores(config: ClientsConfig, stop: () => Promise<void>): Promise<TestStores> {
  const stores = withClients(config, stop);
  await createTables(stores.dynamodb, [table]);
  await createBuckets(stores.s3, [bucket]);
  return stores;
}

/** The same stores over clients of their own. */
export const reopened = (stores: TestStores): TestStores => withClients(stores.config, async () => undefined);

function withClients(config: ClientsConfig, stop: () => Promise<void>): TestStores {
  const clients = createClients(config);
  return {
    ...clients,
    config,
    table,
    bucket,
    instance: (options) => createFaceSets({ ...clients, table, bucket, ...options }),
    stop: async () => {
      clients.destroy();
      await stop();
    },
  };
}
