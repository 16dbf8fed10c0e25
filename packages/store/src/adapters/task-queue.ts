import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { MaintenanceTask } from '../face-sets/context.ts';

/**
 * Enqueues maintenance tasks in a FIFO queue, grouped by set: a set's tasks run one at a time, and the same one enqueued twice
 * within five minutes runs once.
 */
export function sqsTaskQueue(sqs: SQSClient, queueUrl: string): (task: MaintenanceTask) => Promise<void> {
  return async (task) => {
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageGroupId: task.setId,
        MessageBody: JSON.stringify(task),
      }),
    );
  };
}
