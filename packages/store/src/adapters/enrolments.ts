import { createHash } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Enrolment, Enrolments, KeyEvent, Upload } from '@openfrs/core';
import { type Item, isExpired, openTable } from '../dynamodb/table.ts';
import { uploadDigest } from './upload-digest.ts';

/** How long it is listed what came of an upload, and at least known; it is removed some time after that. */
const keptSeconds = 30 * 24 * 3600;

/**
 * The log of enrolments in the data table: per upload an item `OF#<digest>`, by which a second notification
 * is known, an item `AT#<time>#<digest>` for the list, and per event of a key an item `KEY#<digest of the key>#<sequencer>`,
 * which until it has ended counts tries: `failures` by itself, `cutOff` looks in a row of which no end was noted.
 */
export function dynamodbEnrolments(
  client: DynamoDBClient,
  tableName: string,
  now: () => number = Date.now,
): Enrolments {
  const table = openTable(client, tableName);
  const outcomeKey = (projectId: string, upload: Upload) => ({
    pk: partition(projectId),
    sk: `OF#${uploadDigest(upload)}`,
  });
  return {
    async outcome(projectId, upload) {
      const item = await table.get(outcomeKey(projectId, upload));
      return item === undefined ? undefined : decode(item);
    },
    async begin(projectId, upload, kind, at) {
      const item = { ...eventKey(projectId, upload), kind, faceIds: [], expires: expiryOf(at) };
      await table.put(item, 'attribute_not_exists(pk)');
    },
    async look(projectId, upload) {
      const item = await table.update(eventKey(projectId, upload), {
        UpdateExpression: 'ADD #cutOff :one',
        ExpressionAttributeNames: { '#cutOff': 'cutOff' },
        ExpressionAttributeValues: { ':one': 1 },
      });
      return Number(item?.cutOff) - 1;
    },
    async looked(projectId, upload) {
      await table.update(eventKey(projectId, upload), {
        UpdateExpression: 'SET #cutOff = :none',
        ExpressionAttributeNames: { '#cutOff': 'cutOff' },
        ExpressionAttributeValues: { ':none': 0 },
      });
    },
    async fail(projectId, upload, isOwn) {
      const item = await table.update(eventKey(projectId, upload), {
        UpdateExpression: 'SET #cutOff = :none ADD #failures :failures',
        ExpressionAttributeNames: { '#cutOff': 'cutOff', '#failures': 'failures' },
        ExpressionAttributeValues: { ':none': 0, ':failures': isOwn ? 1 : 0 },
      });
      return Number(item?.failures);
    },
    async eventsOfKey(projectId, upload) {
      const events: KeyEvent[] = [];
      const prefix = keyPrefix(upload);
      for await (const page of table.pages(partition(projectId), `${prefix}#`, `${prefix}$`)) {
        for (const item of page) {
          const { sk, kind, faceIds } = item as Item & Omit<KeyEvent, 'version'>;
          events.push({ kind, faceIds, version: sk.slice(prefix.length + 1) });
        }
      }
      return events;
    },
    async record(projectId, upload, outcome, at) {
      const expires = expiryOf(at);
      const kind = outcome.state === 'removed' ? 'removed' : 'put';
      await table.put({ ...eventKey(projectId, upload), kind, faceIds: outcome.faceIds, expires });
      const { bucket, key, version } = upload;
      const stored = { bucket, key, version, ...outcome, at: at.toISOString(), expires };
      // The list first: were the process to end here, the upload would be dealt with again and listed twice.
      const listed = { pk: partition(projectId), sk: `AT#${at.toISOString()}#${uploadDigest(upload)}` };
      await table.put({ ...listed, ...stored });
      await table.put({ ...outcomeKey(projectId, upload), ...stored });
    },
    async list(projectId, limit) {
      const newest: Enrolment[] = [];
      for await (const page of table.pages(partition(projectId), 'AT#', 'AT$', {
        descending: true,
        limit,
      })) {
        newest.push(...page.filter((item) => !isExpired(item, now())).map(decode));
        if (newest.length >= limit) break;
      }
      return newest.slice(0, limit);
    },
  };
}

const expiryOf = (at: Date) => Math.floor(at.getTime() / 1000) + keptSeconds;

const keyPrefix = ({ bucket, key }: Upload) =>
  `KEY#${createHash('sha256')
    .update(JSON.stringify([bucket, key]))
    .digest('base64url')}`;

const eventKey = (projectId: string, upload: Upload) => ({
  pk: partition(projectId),
  sk: `${keyPrefix(upload)}#${upload.version}`,
});

const partition = (projectId: string) => `ENROL#${projectId}`;

function decode(item: Item): Enrolment {
  const { pk: _pk, sk: _sk, expires: _expires, at, ...rest } = item as Item & { expires: number; at: string };
  return { ...(rest as unknown as Omit<Enrolment, 'at'>), at: new Date(at) };
}
