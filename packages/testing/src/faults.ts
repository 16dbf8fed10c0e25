import type { StoreClients } from '@openfrs/store';

/** What may befall one attempt of a request. */
export type Fault =
  /** The request never arrives. */
  | 'unsent'
  /** It arrives and is carried out, but the answer is lost. */
  | 'unanswered'
  /** It is answered by a throttle. */
  | 'throttled'
  /** It is answered by a fault of the store. */
  | 'failed'
  /** It takes long. */
  | 'slow'
  | undefined;

/** Lets `choose` decide the fate of each attempt of each request; the SDK repeats what it would repeat in earnest. */
export function injectFaults({ dynamodb, s3 }: StoreClients, choose: (command: string) => Fault): void {
  const add = (client: { middlewareStack: typeof dynamodb.middlewareStack }) =>
    client.middlewareStack.add(
      (next, context) => async (args) => {
        const fault = choose(String((context as { commandName?: string }).commandName));
        if (fault === 'unsent') throw broken('TimeoutError');
        if (fault === 'throttled') throw broken('ThrottlingException', 400);
        if (fault === 'failed') throw broken('InternalServerError', 500);
        if (fault === 'slow') await new Promise((resolve) => setTimeout(resolve, 30));
        const answer = await next(args);
        if (fault === 'unanswered') throw broken('TimeoutError');
        return answer;
      },
      // Behind the retries: each attempt passes here.
      { step: 'finalizeRequest', priority: 'low', name: 'injectFaults' },
    );
  add(dynamodb);
  add(s3 as unknown as typeof dynamodb);
}

function broken(name: string, status?: number): Error {
  const metadata = status === undefined ? {} : { httpStatusCode: status };
  return Object.assign(new Error(`Injected: ${name}`), { name, $metadata: metadata, $fault: 'server' });
}

/** A repeatable stream of numbers in [0, 1). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
