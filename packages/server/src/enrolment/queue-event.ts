/** A function behind a queue: SQS's event in, the messages to bring again out (as far as functions here read and write it). */
export type QueueFunction = (event: {
  readonly Records: readonly {
    readonly messageId: string;
    readonly body: string;
  }[];
}) => Promise<{ readonly batchItemFailures: readonly { readonly itemIdentifier: string }[] }>;

/** What of an S3 notification is read here; the function reads the rest. */
export interface Notification {
  readonly Records: readonly { readonly s3: { readonly object: { readonly sequencer: string } } }[];
}

/**
 * Brings one S3 notification to a function as its queue would in the cloud.
 * @throws Error when the function reports the message as failed, so that it is brought again
 */
export async function bringToFunction(handler: QueueFunction, event: Notification): Promise<void> {
  const messageId = event.Records[0]?.s3.object.sequencer ?? '';
  const { batchItemFailures } = await handler({
    Records: [{ messageId, body: JSON.stringify(event) }],
  });
  if (batchItemFailures.some(({ itemIdentifier }) => itemIdentifier === messageId)) {
    throw new Error('The function reported the message as failed.');
  }
}
