import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { RateLimits } from '@openfrs/core';

const MINUTE_MS = 60_000;
/** Counters are tidied up by the table's time to live (`expires`) some time after their minute. */
const KEPT_SECONDS = 3600;

interface Waiting {
  readonly resolve: (count: number) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Counters per project, operation and minute, shared by all instances: one atomic ADD. Hits that come while one is under
 * way are added together in the next, each with its own number, so that a busy instance writes a few times a second only.
 */
export function dynamodbRateLimits(client: DynamoDBDocumentClient, tableName: string): RateLimits {
  const queues = new Map<string, Waiting[]>();

  async function drain(key: string, pk: string, minute: number): Promise<void> {
    for (let batch = queues.get(key); batch !== undefined; batch = queues.get(key)) {
      if (batch.length === 0) {
        queues.delete(key);
        return;
      }
      queues.set(key, []);
      try {
        const last = await add(client, tableName, pk, minute, batch.length);
        for (const [index, { resolve }] of batch.entries()) resolve(last - batch.length + index + 1);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
  }

  return {
    hit(projectId, operation, now) {
      const minute = Math.floor(now.getTime() / MINUTE_MS);
      const pk = `RATE#${projectId}#${operation}`;
      const key = `${pk}#${minute}`;
      return new Promise((resolve, reject) => {
        const queue = queues.get(key);
        if (queue !== undefined) {
          queue.push({ resolve, reject });
          return;
        }
        queues.set(key, [{ resolve, reject }]);
        void drain(key, pk, minute);
      });
    },
  };
}

async function add(
  client: DynamoDBDocumentClient,
  TableName: string,
  pk: string,
  minute: number,
  hits: number,
): Promise<number> {
  const { Attributes } = await client.send(
    new UpdateCommand({
      TableName,
      Key: { pk, sk: new Date(minute * MINUTE_MS).toISOString() },
      UpdateExpression: 'ADD #hits :hits SET #expires = :expires',
      ExpressionAttributeNames: { '#hits': 'hits', '#expires': 'expires' },
      ExpressionAttributeValues: { ':hits': hits, ':expires': minute * 60 + KEPT_SECONDS },
      ReturnValues: 'UPDATED_NEW',
    }),
  );
  return Number(Attributes?.hits);
}
