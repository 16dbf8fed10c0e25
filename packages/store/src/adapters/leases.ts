import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { openTable } from '../dynamodb/table.ts';

/** An exclusive right for a while. */
export interface Lease {
  /** Keeps it until `ms` from now. @returns false where it was released, or taken since */
  prolong(ms: number): Promise<boolean>;
  /** Gives it back; a prolongation that is under way, or sent twice, changes nothing from then on. */
  release(): Promise<void>;
}

/** Exclusive rights for a while, for work that may be done by any server and is to be done by one. */
export interface Leases {
  /**
   * Takes a lease until `ms` from now; an owner may take its own again, and what it held before is no longer a lease. By the holders'
   * clocks: where they differ, two may hold it at once, so it is for work that may be repeated.
   * @returns undefined while another one has it
   */
  take(name: string, owner: string, ms: number): Promise<Lease | undefined>;
  /** Gives back all that an owner has, for one whose work was cut off. */
  releaseAll(owner: string): Promise<void>;
}

/**
 * Items `LEASE` / name of the table: `owner`, `until` (milliseconds since 1970), `version` (a fencing token: each taking and releasing
 * raises it, and only the holder of the newest prolongs).
 */
export function dynamodbLeases(
  client: DynamoDBClient,
  tableName: string,
  now: () => number = Date.now,
): Leases {
  const table = openTable(client, tableName);
  const keyOf = (name: string) => ({ pk: 'LEASE', sk: name });
  const ends = (ms: number) => ({
    ':until': now() + ms,
    ':expires': Math.ceil((now() + ms) / 1000) + 86_400,
  });
  const release = async (name: string, owner: string, version: number) => {
    await table.update(keyOf(name), {
      UpdateExpression: 'SET #until = :none ADD #version :one',
      ConditionExpression: isHolder,
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: { ':owner': owner, ':version': version, ':none': 0, ':one': 1 },
    });
  };
  return {
    async take(name, owner, ms) {
      const held = await table.update(keyOf(name), {
        UpdateExpression: 'SET #owner = :owner, #until = :until, #expires = :expires ADD #version :one',
        ConditionExpression: 'attribute_not_exists(pk) OR #owner = :owner OR #until < :now',
        ExpressionAttributeNames: { ...names, '#expires': 'expires' },
        ExpressionAttributeValues: { ':owner': owner, ':now': now(), ':one': 1, ...ends(ms) },
      });
      if (held === undefined) return undefined;
      const version = Number(held.version);
      return {
        async prolong(more) {
          const prolonged = await table.update(keyOf(name), {
            UpdateExpression: 'SET #until = :until, #expires = :expires',
            ConditionExpression: isHolder,
            ExpressionAttributeNames: { ...names, '#expires': 'expires' },
            ExpressionAttributeValues: { ':owner': owner, ':version': version, ...ends(more) },
          });
          return prolonged !== undefined;
        },
        release: () => release(name, owner, version),
      };
    },
    async releaseAll(owner) {
      for await (const items of table.pages('LEASE', ' ', '\u{10ffff}')) {
        for (const { sk, ...item } of items)
          if (item.owner === owner && Number(item.until) > 0) await release(sk, owner, Number(item.version));
      }
    },
  };
}

const names = { '#owner': 'owner', '#until': 'until', '#version': 'version' };
const isHolder = '#owner = :owner AND #version = :version';
