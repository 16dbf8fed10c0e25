import { errorText, log, logLines } from '@openfrs/core/observation';
import * as z from 'zod';

/** What is read of an SQS event. */
const queueEvent = z.object({
  Records: z.array(z.object({ messageId: z.string(), body: z.string() })),
});

/** A message that failed. */
export interface Failure {
  readonly messageId: string;
  readonly error: unknown;
}

/** Lambda's answer with `ReportBatchItemFailures`: the messages to bring again. */
export interface QueueResult {
  readonly batchItemFailures: { readonly itemIdentifier: string }[];
}

/**
 * Works off the messages of an SQS event one after another; those that fail are reported and come again, the
 * others are done.
 * @param log is told why
 */
export async function processBatch(
  event: unknown,
  work: (body: unknown) => Promise<void>,
  log: (failure: Failure) => void,
): Promise<QueueResult> {
  const batchItemFailures: { itemIdentifier: string }[] = [];
  for (const { messageId, body } of queueEvent.parse(event).Records) {
    try {
      await work(JSON.parse(body));
    } catch (error) {
      log({ messageId, error });
      batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures };
}

/** One structured line; never what a photo or a vector holds. */
export function logFailure(operation: string) {
  return ({ messageId, error }: Failure) => {
    if (logLines.isWatched) {
      log('error', 'A message failed', { error, fields: { operation, messageId } });
      return;
    }
    const reason = errorText(error);
    console.error(JSON.stringify({ level: 'error', operation, messageId, error: reason }));
  };
}
