import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { TokenUses } from '@openfrs/core';
import { LRUCache } from 'lru-cache';
import { openTable } from '../dynamodb/table.ts';

/** A token's use is written so often at most, by each process. */
const everyMs = 10 * 60_000;
/** Tokens whose last write is remembered. */
const remembered = 10_000;
/** Kept for as long as the longest token lasts. */
const keptSeconds = 3650 * 86_400;

/** Items `TOKENUSE#id` / USE of the table of limits, which every function may update: `at`, ISO 8601. */
export function dynamodbTokenUses(client: DynamoDBClient, tableName: string): TokenUses {
  const table = openTable(client, tableName);
  const keyOf = (id: string) => ({ pk: `TOKENUSE#${id}`, sk: 'USE' });
  const written = new LRUCache<string, number>({ max: remembered });
  return {
    note(id, now) {
      if (now.getTime() - (written.get(id) ?? 0) < everyMs) return;
      written.set(id, now.getTime());
      const write = table.update(keyOf(id), {
        UpdateExpression: 'SET #at = :at, #expires = :expires',
        ExpressionAttributeNames: { '#at': 'at', '#expires': 'expires' },
        ExpressionAttributeValues: {
          ':at': now.toISOString(),
          ':expires': Math.ceil(now.getTime() / 1000) + keptSeconds,
        },
      });
      // A list that shows an older use is worth no failed request.
      write.catch(() => written.delete(id));
    },
    forget: (ids) => table.removeMany(ids.map(keyOf)),
    async lastUses(ids) {
      const items = await table.getMany(ids.map(keyOf));
      return new Map(
        items.map(({ pk, at }) => [pk.slice('TOKENUSE#'.length), new Date(String(at))] as const),
      );
    },
  };
}
