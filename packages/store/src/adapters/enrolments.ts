import { createHash } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Enrolment, Enrolments, Upload } from '@openfrs/core';
import { type Item, openTable } from '../dynamodb/table.ts';

/** How long it is remembered what came of an upload; the table's TTL tidies up after that. */
const keptSeconds = 30 * 24 * 3600;

/**
 * The log of enrolments in the data table: per upload an item `OF#<digest>`, by which a second notification
 * is known, and an item `AT#<time>#<digest>` for the list.
 */
export function dynamodbEnrolments(client: DynamoDBClient, tableName: string): Enrolments {
  const table = openTable(client, tableName);
  const outcomeKey = (projectId: string, upload: Upload) => ({
    pk: partition(projectId),
    sk: `OF#${digest(upload)}`,
  });
  return {
    async outcome(projectId, upload) {
      const item = await table.get(outcomeKey(projectId, upload));
      return item === undefined ? undefined : decode(item);
    },
    async record(projectId, upload, outcome, at) {
      const expires = Math.floor(at.getTime() / 1000) + keptSeconds;
      const { bucket, key, version } = upload;
      const stored = { bucket, key, version, ...outcome, at: at.toISOString(), expires };
      // The list first: were the process to end here, the upload would be dealt with again and listed twice.
      const listed = { pk: partition(projectId), sk: `AT#${at.toISOString()}#${digest(upload)}` };
      await table.put({ ...listed, ...stored });
      await table.put({ ...outcomeKey(projectId, upload), ...stored });
    },
    async list(projectId, limit) {
      const newest: Enrolment[] = [];
      for await (const page of table.pages(partition(projectId), 'AT#', 'AT$', {
        descending: true,
        limit,
      })) {
        newest.push(...page.map(decode));
        if (newest.length >= limit) break;
      }
      return newest.slice(0, limit);
    },
  };
}

const partition = (projectId: string) => `ENROL#${projectId}`;

const digest = ({ bucket, key, version }: Upload) =>
  createHash('sha256')
    .update(JSON.stringify([bucket, key, version]))
    .digest('base64url');

function decode(item: Item): Enrolment {
  const { pk: _pk, sk: _sk, expires: _expires, at, ...rest } = item as Item & { expires: number; at: string };
  return { ...(rest as unknown as Omit<Enrolment, 'at'>), at: new Date(at) };
}
