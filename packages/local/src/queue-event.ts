import type { S3EventNotification } from '@openfrs/embedded';

/** What a function behind a queue is given (Lambda's SQS event, as far as functions here read it). */
export interface QueueEvent {
  readonly Records: readonly {
    readonly messageId: string;
    readonly receiptHandle: string;
    readonly body: string;
    readonly eventSource: 'aws:sqs';
    readonly awsRegion: string;
    readonly attributes: { readonly ApproximateReceiveCount: string; readonly SentTimestamp: string };
    readonly messageAttributes: Readonly<Record<string, never>>;
  }[];
}

/** What it answers: the messages to bring again. */
export interface QueueResult {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

export type QueueFunction = (event: QueueEvent) => Promise<QueueResult | undefined>;

/**
 * Brings one S3 notification to a function as its queue would in the cloud. @throws Error when the function reports the
 * message as failed, so that it is brought again
 */
export async function bringToFunction(
  handler: QueueFunction,
  notification: S3EventNotification,
  attempt: number,
): Promise<void> {
  const [record] = notification.Records;
  if (!record) return;
  const messageId = record.s3.object.sequencer;
  const result = await handler({
    Records: [
      {
        messageId,
        receiptHandle: messageId,
        body: JSON.stringify(notification),
        eventSource: 'aws:sqs',
        awsRegion: record.awsRegion,
        attributes: {
          ApproximateReceiveCount: String(attempt),
          SentTimestamp: String(Date.parse(record.eventTime)),
        },
        messageAttributes: {},
      },
    ],
  });
  if (result?.batchItemFailures.some(({ itemIdentifier }) => itemIdentifier === messageId)) {
    throw new Error('The function reported the message as failed.');
  }
}
