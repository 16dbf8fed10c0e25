import * as z from 'zod';

/** What is read of an SQS event. */
const queueEvent = z.object({
  Records: z.array(
    z.object({
      messageId: z.string(),
      body: z.string(),
      attributes: z.object({ ApproximateReceiveCount: z.coerce.number() }).optional(),
    }),
  ),
});

/** A message that failed. */
export interface Failure {
  readonly messageId: string;
  readonly error: unknown;
  readonly body: unknown;
  /** How often it came, this time included; 1 where the queue doesn't tell. */
  readonly attempts: number;
}

/** Lambda's answer with `ReportBatchItemFailures`: the messages to bring again. */
export interface QueueResult {
  readonly batchItemFailures: { readonly itemIdentifier: string }[];
}

/**
 * Works off the messages of an SQS event one after another; those that fail are reported and come again, the
 * others are done.
 * @param log is told why
 * @param giveUp asked behind a failure: true where the message is done with, and need not come again
 */
export async function processBatch(
  event: unknown,
  work: (body: unknown) => Promise<void>,
  log: (failure: Failure) => void,
  giveUp: (failure: Failure) => Promise<boolean> = async () => false,
): Promise<QueueResult> {
  const batchItemFailures: { itemIdentifier: string }[] = [];
  for (const { messageId, body: text, attributes } of queueEvent.parse(event).Records) {
    let body: unknown;
    try {
      body = JSON.parse(text);
      await work(body);
    } catch (error) {
      const failure = { messageId, error, body, attempts: attributes?.ApproximateReceiveCount ?? 1 };
      log(failure);
      const isOver = await giveUp(failure).catch(() => false);
      if (!isOver) batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures };
}

/** One structured line; never what a photo or a vector holds. */
export function logFailure(operation: string) {
  return ({ messageId, error }: Failure) => {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    console.error(JSON.stringify({ level: 'error', operation, messageId, error: reason }));
  };
}
