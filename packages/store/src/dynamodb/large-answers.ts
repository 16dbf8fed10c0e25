import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ownTurn } from '@openfrs/contract/steps';

/** The SDK parses an answer in one piece, for 40 ms a megabyte: of answers above this, one in a turn of the event loop. */
const largeBytes = 32 * 1024;

interface Answered {
  readonly response: { readonly headers: Readonly<Record<string, string>>; body: Readable | Uint8Array };
}

/** Lets a client parse large answers one a turn: by itself it parses all that have come, and nobody else is served meanwhile. */
export function parseLargeAnswersInTurns({ middlewareStack }: Pick<DynamoDBClient, 'middlewareStack'>): void {
  middlewareStack.add(
    (next) => async (args) => {
      const answered = await next(args);
      const { response } = answered as unknown as Answered;
      const { body } = response;
      if (body instanceof Uint8Array || !(Number(response.headers['content-length']) > largeBytes))
        return answered;
      response.body = await buffer(body);
      await ownTurn();
      return answered;
    },
    // Between the connection and what parses.
    { step: 'deserialize', priority: 'low', name: 'parseLargeAnswersInTurns' },
  );
}
