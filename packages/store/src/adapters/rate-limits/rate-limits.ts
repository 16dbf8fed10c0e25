import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { RateLimits } from '@openfrs/core';
import { openTable, type Table } from '../../dynamodb/table.ts';
import { countedLocally } from './local-count.ts';

const MINUTE_MS = 60_000;
/** Counters are tidied up by the table's time to live (`expires`) some time after their minute. */
const KEPT_SECONDS = 3600;
/** In bytes. Longer ones are counted under their digest. */
const LONGEST_NAME = 512;
/** Of the hits that were added together, so many go on in a turn of the event loop: the requests behind them have up to a millisecond of work each. */
const GOING_ON_A_TURN = 8;

interface Waiting {
  readonly resolve: (count: number) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Counters per project, operation and minute, shared by all instances: one atomic ADD. Hits that come while one is under
 * way are added together in the next, each with its own number, so that a busy instance writes a few times a second only.
 */
export function dynamodbRateLimits(client: DynamoDBClient, tableName: string): RateLimits {
  const table = openTable(client, tableName);
  const queues = new Map<string, Waiting[]>();

  async function drain(key: string, pk: string, minute: number): Promise<void> {
    for (let batch = queues.get(key); batch !== undefined; batch = queues.get(key)) {
      if (batch.length === 0) {
        queues.delete(key);
        return;
      }
      queues.set(key, []);
      try {
        const last = await add(table, pk, minute, batch.length);
        for (const [index, { resolve }] of batch.entries()) {
          if (index > 0 && index % GOING_ON_A_TURN === 0) await setImmediate();
          resolve(last - batch.length + index + 1);
        }
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
  }

  return countedLocally({
    hit(projectId, operation, now) {
      const minute = Math.floor(now.getTime() / MINUTE_MS);
      const pk = partition(projectId, operation);
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
  });
}

/** What is counted may be named by callers: DynamoDB takes keys of 2,048 bytes. */
function partition(projectId: string, operation: string): string {
  const name = `${projectId}#${operation}`;
  const isShort = Buffer.byteLength(name) <= LONGEST_NAME;
  return `RATE#${isShort ? name : createHash('sha256').update(name).digest('hex')}`;
}

async function add(table: Table, pk: string, minute: number, hits: number): Promise<number> {
  const key = { pk, sk: new Date(minute * MINUTE_MS).toISOString() };
  const counter = await table.update(key, {
    UpdateExpression: 'ADD #hits :hits SET #expires = :expires',
    ExpressionAttributeNames: { '#hits': 'hits', '#expires': 'expires' },
    ExpressionAttributeValues: { ':hits': hits, ':expires': minute * 60 + KEPT_SECONDS },
  });
  return Number(counter?.hits);
}
