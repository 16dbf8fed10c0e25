import { afterEach, expect, it } from 'vitest';
import { observedStoreCall, storeCallsEnded } from './store-calls.ts';

let end = () => {};
afterEach(() => end());

async function outcomeOf(name: string, status: number | undefined, more: object = {}): Promise<string> {
  const outcomes: string[] = [];
  end = storeCallsEnded.watch(({ outcome }) => outcomes.push(outcome));
  const error = Object.assign(new Error('of an engine'), {
    name,
    $metadata: { httpStatusCode: status },
    ...more,
  });
  await expect(observedStoreCall('dynamodb', 'PutItem', () => Promise.reject(error))).rejects.toBe(error);
  end();
  return outcomes.join();
}

it.each([
  ['ConditionalCheckFailedException', 400],
  ['TransactionConflictException', 400],
  ['NoSuchKey', 404],
  ['NotFound', 404],
  ['NoSuchLifecycleConfiguration', 404],
  ['PreconditionFailed', 412],
  ['ConditionalRequestConflict', 409],
  ['InvalidRange', 416],
  ['304', 304],
])('%s (%s) is a refusal: what was asked for does not hold', async (name, status) => {
  expect(await outcomeOf(name, status)).toBe('refused');
});

it.each([
  ['ExpiredTokenException', 400],
  ['UnrecognizedClientException', 400],
  ['InvalidSignatureException', 403],
  ['AccessDenied', 403],
  ['AccessDeniedException', 400],
  ['ResourceNotFoundException', 400],
  ['NoSuchBucket', 404],
  ['ValidationException', 400],
  ['QueueDoesNotExist', 400],
  ['InternalServerError', 500],
  ['TimeoutError', undefined],
])('%s (%s) is a fault: whoever runs the service has to do something', async (name, status) => {
  expect(await outcomeOf(name, status)).toBe('failed');
});

it('a cancelled transaction is what its reasons are', async () => {
  const cancelled = (...codes: (string | undefined)[]) =>
    outcomeOf('TransactionCanceledException', 400, {
      CancellationReasons: codes.map((Code) => (Code === undefined ? {} : { Code })),
    });
  expect(await cancelled('None', 'ConditionalCheckFailed')).toBe('refused');
  expect(await cancelled(undefined, 'TransactionConflict')).toBe('refused');
  expect(await cancelled('None', 'ThrottlingError')).toBe('throttled');
  expect(await cancelled('ProvisionedThroughputExceeded')).toBe('throttled');
  expect(await cancelled('ConditionalCheckFailed', 'ValidationError')).toBe('failed');
});

it('more than an engine takes at once is throttling', async () => {
  expect(await outcomeOf('ProvisionedThroughputExceededException', 400)).toBe('throttled');
  expect(await outcomeOf('TooManyRequests', 429)).toBe('throttled');
  expect(await outcomeOf('SlowDown', 503)).toBe('throttled');
});
