import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { AwsConfig } from '@openfrs/core';
import { observeCalls } from '../dynamodb/observed-calls.ts';

/** A client whose calls fail within half a minute instead of hanging. */
export function createSqs({ region, credentials, sqsEndpoint }: AwsConfig): SQSClient {
  const client = new SQSClient({
    ...(region && { region }),
    ...(credentials && { credentials }),
    ...(sqsEndpoint && { endpoint: sqsEndpoint }),
    maxAttempts: 4,
    // A queue's URL names AWS's host; another endpoint is meant where one is configured.
    useQueueUrlAsEndpoint: sqsEndpoint === undefined,
    requestHandler: { connectionTimeout: 3000, requestTimeout: 6000, throwOnRequestTimeout: true },
  });
  observeCalls(client as unknown as DynamoDBClient, 'sqs');
  return client;
}
