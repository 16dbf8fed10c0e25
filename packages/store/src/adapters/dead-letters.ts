import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { ErrorCode } from '@openfrs/contract';
import type { DeadLetters, Upload } from '@openfrs/core';
import { isExpired, openTable } from '../dynamodb/table.ts';
import { uploadDigest } from './upload-digest.ts';

/** Uploads that will never be enrolled, with the contract's code as an attribute to filter by. */
export function sqsDeadLetters(sqs: SQSClient, queueUrl: string): DeadLetters {
  return {
    async put(upload, code, message) {
      await sqs.send(
        new SendMessageCommand({
          QueueUrl: queueUrl,
          MessageBody: JSON.stringify({ ...upload, error_code: code, error_msg: message }),
          MessageAttributes: { error_code: { DataType: 'String', StringValue: code } },
        }),
      );
    },
  };
}

export interface DeadLetter extends Upload {
  /** Of its upload: 16 hexadecimal digits. */
  readonly id: string;
  readonly at: Date;
  readonly code: ErrorCode;
  readonly message: string;
}

export interface StoredDeadLetters extends DeadLetters {
  /** The newest first. */
  list(limit: number): Promise<DeadLetter[]>;
  remove(letter: DeadLetter): Promise<void>;
}

/** Kept for 30 days, no longer than the enrolments' log and claims: by these a retry knows that a photo is enrolled already. */
const keptSeconds = 30 * 24 * 3600;

const partition = 'DEAD';

const idOf = (upload: Upload) => Buffer.from(uploadDigest(upload), 'base64url').toString('hex').slice(0, 16);

/** A stored letter's photo lies in another bucket: what changes of its item. */
export function inBucket(
  values: Readonly<Record<string, unknown>>,
  bucket: string,
): { readonly bucket: string; readonly sk: string } {
  const { at, key, version } = values as unknown as { at: string; key: string; version: string };
  return { bucket, sk: sortKey(at, { bucket, key, version }) };
}

const sortKey = (at: string, upload: Upload) => `${at}#${uploadDigest(upload)}`;

/** Those of a service without queues: items `DEAD` / time#digest of the data table. */
export function dynamodbDeadLetters(
  client: DynamoDBClient,
  tableName: string,
  now: () => Date = () => new Date(),
): StoredDeadLetters {
  const table = openTable(client, tableName);
  return {
    async put(upload, code, message) {
      const at = now().toISOString();
      const { bucket, key, version, etag } = upload;
      const expires = Math.floor(now().getTime() / 1000) + keptSeconds;
      await table.put({
        pk: partition,
        sk: sortKey(at, upload),
        bucket,
        key,
        version,
        etag,
        code,
        message,
        at,
        expires,
      });
    },
    async list(limit) {
      const newest: DeadLetter[] = [];
      for await (const page of table.pages(partition, ' ', '~', { descending: true, limit })) {
        for (const item of page) {
          if (isExpired(item, now().getTime())) continue;
          const { pk: _pk, sk: _sk, expires: _expires, at, ...rest } = item as typeof item & { at: string };
          const letter = rest as unknown as Omit<DeadLetter, 'at' | 'id'>;
          newest.push({ ...letter, id: idOf(letter), at: new Date(at) });
        }
        if (newest.length >= limit) break;
      }
      return newest.slice(0, limit);
    },
    remove: (letter) => table.removeMany([{ pk: partition, sk: sortKey(letter.at.toISOString(), letter) }]),
  };
}
