import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import type { AwsConfig } from '@openfrs/core';
import { repeatAfterClockJump } from './clock-skew.ts';
import { recogniseFullStorage } from './full-storage.ts';
import { parseLargeAnswersInTurns } from './large-answers.ts';
import { observeCalls } from './observed-calls.ts';

export type ClientsConfig = AwsConfig;

export interface StoreClients {
  readonly dynamodb: DynamoDBClient;
  readonly s3: S3Client;
}

export interface Clients extends StoreClients {
  /** Closes the clients' sockets. */
  destroy(): void;
}

/** A write that is answered late may still happen, so each writer of this package can be repeated. */
const dynamodbTimes = { connectionTimeout: 3000, requestTimeout: 6000 };
/** Per request: parts of segments are read and written in pieces of 8 MB. */
const s3Times = { connectionTimeout: 3000, requestTimeout: 20_000 };
const attempts = 4;

/**
 * The client of DynamoDB; region and credentials not given come from the SDK's own chain. A table that doesn't answer fails the call
 * within half a minute. It keeps its middleware from the first request of a kind on: what is added afterwards is not called.
 */
export function createDynamodb(config: ClientsConfig): DynamoDBClient {
  const client = new DynamoDBClient({
    ...settings(config, config.dynamodbEndpoint, dynamodbTimes),
    // A quarter of what a small read costs. Not for S3: requests of a kind share what is kept, the endpoint of the bucket, too.
    cacheMiddleware: true,
  });
  // Each costs more than signing: one masks what is secret in requests for a log that isn't kept, the other says who asks.
  for (const name of ['loggerMiddleware', 'getUserAgentMiddleware']) client.middlewareStack.remove(name);
  addMiddleware(client, 'dynamodb');
  parseLargeAnswersInTurns(client);
  return client;
}

/** The client of S3, otherwise as `createDynamodb`. */
export function createS3(config: ClientsConfig): S3Client {
  const client = new S3Client({
    ...settings(config, config.s3Endpoint, s3Times),
    // Local endpoints have no wildcard names; AWS takes the path style too.
    forcePathStyle: config.s3Endpoint !== undefined,
  });
  addMiddleware(client as unknown as DynamoDBClient, 's3');
  return client;
}

/** Both, each made when it is first asked for. */
export function createClients(config: ClientsConfig): Clients {
  const dynamodb = once(() => createDynamodb(config));
  const s3 = once(() => createS3(config));
  return {
    get dynamodb() {
      return dynamodb.get();
    },
    get s3() {
      return s3.get();
    },
    destroy() {
      dynamodb.made?.destroy();
      s3.made?.destroy();
    },
  };
}

function settings(
  { region, credentials }: ClientsConfig,
  endpoint: string | undefined,
  times: typeof dynamodbTimes,
) {
  return {
    ...(region === undefined ? {} : { region }),
    ...(credentials === undefined ? {} : { credentials }),
    maxAttempts: attempts,
    ...(endpoint === undefined ? {} : { endpoint }),
    requestHandler: {
      ...times,
      throwOnRequestTimeout: true,
      httpAgent: { keepAlive: true, maxSockets: 64 },
      httpsAgent: { keepAlive: true, maxSockets: 64 },
    },
  };
}

function addMiddleware(client: DynamoDBClient, store: 'dynamodb' | 's3'): void {
  repeatAfterClockJump(client);
  recogniseFullStorage(client);
  observeCalls(client, store);
}

/** Makes something when it is first asked for. */
function once<T>(make: () => T): { get(): T; readonly made: T | undefined } {
  let made: T | undefined;
  return {
    get() {
      made ??= make();
      return made;
    },
    get made() {
      return made;
    },
  };
}
