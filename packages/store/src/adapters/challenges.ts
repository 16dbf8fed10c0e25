import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Challenge, Challenges } from '@openfrs/core';
import { openTable } from '../dynamodb/table.ts';

/** How long after its end a challenge is known as used or expired; the table's TTL tidies up after that. */
const keptSeconds = 3600;

/** Liveness challenges in the data table: an item `CHALLENGE#<project>` / `<id>` each. */
export function dynamodbChallenges(client: DynamoDBClient, tableName: string): Challenges {
  const table = openTable(client, tableName);
  return {
    async issue(projectId, { id, actions, expires }) {
      const until = expires.getTime();
      await table.put({
        ...keyOf(projectId, id),
        actions,
        until,
        expires: Math.ceil(until / 1000) + keptSeconds,
      });
    },
    async redeem(projectId, id, now, check) {
      const key = keyOf(projectId, id);
      const issued = check && (await table.get(key));
      // What is used or expired is refused below, whatever the request asks for.
      if (issued !== undefined && issued.used === undefined && Number(issued.until) > now.getTime())
        check?.(issued.actions as Challenge['actions']);
      // The SDK may send the write twice: whoever finds their own mark has redeemed it.
      const mark = randomUUID();
      const redeemed = await table.update(key, {
        UpdateExpression: 'SET #used = :mark',
        ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(#used) AND #until > :now',
        ExpressionAttributeNames: { '#used': 'used', '#until': 'until' },
        ExpressionAttributeValues: { ':mark': mark, ':now': now.getTime() },
      });
      const item = redeemed ?? (await table.get(key));
      if (item === undefined) return { refused: 'unknown' };
      if (item.used === mark) return { actions: item.actions as Challenge['actions'] };
      return { refused: item.used === undefined ? 'expired' : 'used' };
    },
  };
}

const keyOf = (projectId: string, id: string) => ({ pk: `CHALLENGE#${projectId}`, sk: id });
