import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { DeadLetters } from '@openfrs/core';

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
