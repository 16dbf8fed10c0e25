import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { openTable } from '../dynamodb/table.ts';

/** Exclusive rights for a while, for work that may be done by any server and is to be done by one. */
export interface Leases {
  /**
   * Takes the lease, or prolongs it for who has it, until `ms` from now. By the holders' clocks: where they differ, two may hold it at
   * once, so it is for work that may be repeated.
   * @returns false while another one has it
   */
  hold(name: string, owner: string, ms: number): Promise<boolean>;
  /** Gives it back; nothing happens where another one has it. */
  release(name: string, owner: string): Promise<void>;
}

/** Items `LEASE` / name of the table: `owner`, `until` (milliseconds since 1970). */
export function dynamodbLeases(
  client: DynamoDBClient,
  tableName: string,
  now: () => number = Date.now,
): Leases {
  const table = openTable(client, tableName);
  const keyOf = (name: string) => ({ pk: 'LEASE', sk: name });
  return {
    async hold(name, owner, ms) {
      const held = await table.update(keyOf(name), {
        UpdateExpression: 'SET #owner = :owner, #until = :until, #expires = :expires',
        ConditionExpression: 'attribute_not_exists(pk) OR #owner = :owner OR #until < :now',
        ExpressionAttributeNames: { '#owner': 'owner', '#until': 'until', '#expires': 'expires' },
        ExpressionAttributeValues: {
          ':owner': owner,
          ':until': now() + ms,
          ':now': now(),
          ':expires': Math.ceil((now() + ms) / 1000) + 86_400,
        },
      });
      return held !== undefined;
    },
    async release(name, owner) {
      await table.update(keyOf(name), {
        UpdateExpression: 'SET #until = :none',
        ConditionExpression: '#owner = :owner',
        ExpressionAttributeNames: { '#owner': 'owner', '#until': 'until' },
        ExpressionAttributeValues: { ':owner': owner, ':none': 0 },
      });
    },
  };
}
