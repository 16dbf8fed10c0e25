import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { StorageFull } from '@openfrs/core';

/** What a store says that can't be written to (507 Insufficient Storage); AWS's own never does. */
const insufficientStorage = 507;

/** Lets a client's calls fail with `StorageFull` where the store says so. */
export function recogniseFullStorage({ middlewareStack }: Pick<DynamoDBClient, 'middlewareStack'>): void {
  middlewareStack.add(
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
        if ($metadata?.httpStatusCode === insufficientStorage) throw new StorageFull({ cause: error });
        throw error;
      }
    },
    // Around the retries.
    { step: 'initialize', priority: 'high', name: 'recogniseFullStorage' },
  );
}
