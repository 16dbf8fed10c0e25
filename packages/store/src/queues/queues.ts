import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { AwsConfig, DeadLetters } from '@openfrs/core';
import type { Chore } from '../store.ts';

/** A client whose calls fail within half a minute instead of hanging. */
export function createSqs({ region, credentials, sqsEndpoint }: AwsConfig): SQSClient {
  return new SQSClient({
    ...(region && { region }),
    ...(credentials && { credentials }),
    ...(sqsEndpoint && { endpoint: sqsEndpoint }),
    maxAttempts: 4,
    // A queue's URL names AWS's host; another endpoint is meant where one is configured.
    useQueueUrlAsEndpoint: sqsEndpoint === undefined,
    requestHandler: { connectionTimeout: 3000, requestTimeout: 6000, throwOnRequestTimeout: true },
  });
}

/**
 * Hands chores to a FIFO queue, grouped by set: one at a time is done for a set, and the same one asked for
 * twice within five minutes is done once.
 */
export function sqsChores(sqs: SQSClient, queueUrl: string): (chore: Chore) => Promise<void> {
  return async (chore) => {
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageGroupId: chore.setId,
        MessageBody: JSON.stringify(chore),
      }),
    );
  };
}

/** Uploads that will never be enrolled, with the contract's code as an attribute to filter by. */
export function sqsDeadLetters(sqs: SQSClient, queueUrl: string): DeadLetters {
  return {
    async put(upload, code, message) {
      await sqs.send(
        new SendMessageCommand({
          QueueUrl: queueUrl,
          MessageBody: JSON.stringify({ ...upload, error_code: code, error_msg: message }),
          MessageAttributes: { error_code: { DataType: 'String', StringValue: code } },
        }),
      );
    },
  };
}
