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
 * fault of anybody's. `failed`: no answer, or a fault of the engine.
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

/** By what the AWS SDK puts on its errors. */
function outcomeOf(error: unknown): StoreOutcome {
  if (!(error instanceof Error)) return 'failed';
  const { $metadata } = error as { readonly $metadata?: { readonly httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode ?? 0;
  if (status === 429 || /Throttl|LimitExceeded|ThroughputExceeded|SlowDown/.test(error.name))
    return 'throttled';
  return status >= 300 && status < 500 ? 'refused' : 'failed';
}
