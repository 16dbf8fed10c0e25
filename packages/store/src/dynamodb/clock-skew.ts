import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** What a store says of a request that was signed by another time than its own. */
const codes = new Set([
  'InvalidSignatureException',
  'RequestExpired',
  'RequestInTheFuture',
  'RequestTimeTooSkewed',
  'SignatureDoesNotMatch',
]);

/**
 * Lets requests be repeated that a jump of the clock made wrong. The SDK learns the right time from the first of them and
 * repeats that one alone: others that were under way beside it would fail.
 */
export function repeatAfterClockJump({ middlewareStack }: Pick<DynamoDBClient, 'middlewareStack'>): void {
  middlewareStack.add(
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        const { name, $metadata } = error as { name?: string; $metadata?: { clockSkewCorrected?: boolean } };
        if ($metadata !== undefined && codes.has(name ?? '')) $metadata.clockSkewCorrected = true;
        throw error;
      }
    },
    // Behind the retries: each attempt passes here.
    { step: 'finalizeRequest', priority: 'low', name: 'repeatAfterClockJump' },
  );
}
