import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { observedStoreCall, type StoreCall } from '@openfrs/core/observation';

/** Where the call is kept between the two places of the stack: the context of one command. */
const kept = 'openfrsCall';

/** Tells `storeCallsBegun` and `storeCallsEnded` of every call of a client, its repetitions included. */
export function observeCalls(
  { middlewareStack }: Pick<DynamoDBClient, 'middlewareStack'>,
  store: StoreCall['store'],
): void {
  middlewareStack.add(
    (next, context) => (args) =>
      observedStoreCall(store, (context.commandName ?? '').replace(/Command$/, ''), (call) => {
        (args as Kept)[kept] = call;
        return next(args);
      }),
    { step: 'initialize', priority: 'high', name: 'observeCalls' },
  );
  middlewareStack.add(
    (next) => (args) => {
      const { request, [kept]: call } = args as Kept & {
        readonly request: { headers: Record<string, string> };
      };
      if (call !== undefined) Object.assign(request.headers, call.headers);
      return next(args);
    },
    // Before it is signed.
    { step: 'build', name: 'sendCallHeaders' },
  );
}

interface Kept {
  [kept]?: StoreCall | undefined;
}
