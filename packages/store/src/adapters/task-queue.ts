import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { MaintenanceTask } from '../face-sets/context.ts';

/**
 * Hands chores to a FIFO queue, grouped by set: one at a time is done for a set, and the same one asked for
 * twice within five minutes is done once.
 */
export function sqsTaskQueue(sqs: SQSClient, queueUrl: string): (chore: MaintenanceTask) => Promise<void> {
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
