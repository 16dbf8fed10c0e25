import { openChannel } from './channel.ts';

/** One call of an engine, all of its attempts together. */
export interface StoreCall {
  readonly store: 'dynamodb' | 's3' | 'sqs';
  /** As the engine's API names it: GetItem, PutObject. */
  readonly operation: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Sent with each attempt; who traces adds to them when the call begins. */
  readonly headers: Record<string, string>;
}

/**
 * `refused`: the engine answered that what was asked for doesn't hold (a condition, an object that isn't there), which is no
 * fault of anybody's. `failed`: no answer, or a fault of the engine or of its setting up.
 */
type StoreOutcome = 'ok' | 'refused' | 'throttled' | 'failed';

export interface EndedStoreCall {
  readonly call: StoreCall;
  readonly outcome: StoreOutcome;
  /** Until the head of the answer. */
  readonly ms: number;
}

export const storeCallsBegun = openChannel<StoreCall>('store-call-begun');
export const storeCallsEnded = openChannel<EndedStoreCall>('store-call-ended');

/** @param work is given the call whose headers it sends; undefined where nobody listens */
export async function observedStoreCall<Result>(
  store: StoreCall['store'],
  operation: string,
  work: (call?: StoreCall) => Promise<Result>,
): Promise<Result> {
  if (!storeCallsEnded.isWatched && !storeCallsBegun.isWatched) return await work();
  const began = performance.now();
  const call: StoreCall = { store, operation, startedAt: Date.now(), headers: {} };
  storeCallsBegun.publish(call);
  const end = (outcome: StoreOutcome) =>
    storeCallsEnded.publish({ call, outcome, ms: performance.now() - began });
  try {
    const result = await work(call);
    end('ok');
    return result;
  } catch (error) {
    end(outcomeOf(error));
    throw error;
  }
}

/** What engines answer where a condition doesn't hold, or what was asked for isn't there. Their tables and buckets must be. */
const refusals: ReadonlySet<string> = new Set([
  'ConditionalCheckFailedException',
  'TransactionConflictException',
  'NoSuchKey',
  'NoSuchUpload',
  'NoSuchLifecycleConfiguration',
  // Of HEAD, whose answer has no body that tells more.
  'NotFound',
]);
/** Not modified, a conflict, a precondition that failed, a range outside of the object. */
const refusingStatuses: ReadonlySet<number> = new Set([304, 409, 412, 416]);
const throttling = /Throttl|LimitExceeded|ThroughputExceeded|SlowDown/;
/** Reasons of a cancelled transaction that are refusals. */
const refusingReasons: ReadonlySet<string> = new Set([
  'None',
  'ConditionalCheckFailed',
  'TransactionConflict',
]);

/** What the AWS SDK puts on its errors. */
interface StoreError extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly CancellationReasons?: readonly { readonly Code?: string }[];
}

/** Whatever else is answered, such as credentials that expired, rights or tables that are missing, is a fault. */
function outcomeOf(error: unknown): StoreOutcome {
  if (!(error instanceof Error)) return 'failed';
  const { name, $metadata, CancellationReasons: reasons = [] } = error as StoreError;
  const status = $metadata?.httpStatusCode ?? 0;
  const codes = reasons.map(({ Code = 'None' }) => Code);
  if (status === 429 || [name, ...codes].some((text) => throttling.test(text))) return 'throttled';
  if (name === 'TransactionCanceledException')
    return codes.every((code) => refusingReasons.has(code)) ? 'refused' : 'failed';
  return refusals.has(name) || refusingStatuses.has(status) ? 'refused' : 'failed';
}
