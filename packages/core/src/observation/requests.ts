import { AsyncLocalStorage } from 'node:async_hooks';
import { openChannel } from './channel.ts';

/** A request under way. */
export interface ObservedRequest {
  readonly requestId: string;
  readonly operation: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** As they came; absent where it reached no operation. */
  readonly headers?: { get(name: string): string | null };
}

export interface EndedRequest {
  readonly request: ObservedRequest;
  readonly status: number;
  /** Of the contract. */
  readonly code?: string;
}

export const requestsBegun = openChannel<ObservedRequest>('request-begun');
export const requestsEnded = openChannel<EndedRequest>('request-ended');

const underWay = new AsyncLocalStorage<ObservedRequest>();

/** The request that this code works for, whatever it has waited for. */
export const currentRequest = (): ObservedRequest | undefined => underWay.getStore();

/** Answers a request; lines of the log and calls of stores meanwhile are known to be its own. */
export async function observedRequest<Answer extends { readonly status: number }>(
  request: ObservedRequest,
  work: () => Promise<Answer>,
  codeOf: () => string | undefined,
): Promise<Answer> {
  requestsBegun.publish(request);
  const answer = await underWay.run(request, work);
  const code = codeOf();
  requestsEnded.publish({ request, status: answer.status, ...(code !== undefined && { code }) });
  return answer;
}
