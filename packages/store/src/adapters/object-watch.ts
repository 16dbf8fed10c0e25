import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { S3Client } from '@aws-sdk/client-s3';
import { openTable } from '../dynamodb/table.ts';
import { type ListedObject, listObjects } from './list-objects.ts';

/** What a watcher has last seen of an object. */
export interface SeenObject extends ListedObject {
  /** Orders the versions of the key (hexadecimal). */
  readonly version: string;
  /** How often it was tried in vain; 0: it was dealt with. */
  readonly failures: number;
  /** Not tried again before, in milliseconds since 1970. */
  readonly retryAt?: number;
  /** From a backup, and not found in this bucket yet: the object may be missing, or be copied back later with another time. */
  readonly restored?: boolean;
}

/** The objects below a prefix, and what was seen of them: for S3s that tell nobody of what is put. */
export interface ObjectWatch {
  list(): AsyncGenerator<ListedObject[]>;
  seen(): AsyncGenerator<SeenObject[]>;
  see(object: SeenObject): Promise<void>;
  forget(key: string): Promise<void>;
}

/** What was seen is in items `WATCH#bucket` / key of the table. */
export function objectWatch(
  { dynamodb, s3 }: { readonly dynamodb: DynamoDBClient; readonly s3: S3Client },
  tableName: string,
  { bucket, prefix }: { readonly bucket: string; readonly prefix: string },
): ObjectWatch {
  const table = openTable(dynamodb, tableName);
  const pk = `WATCH#${bucket}`;
  return {
    list: () => listObjects(s3, bucket, prefix),
    async *seen() {
      for await (const page of table.pages(pk, prefix, `${prefix}\u{10ffff}`)) {
        yield page.map((item) => {
          const { sk: key, pk: _pk, ...rest } = item as typeof item & Omit<SeenObject, 'key'>;
          return { key, ...rest };
        });
      }
    },
    async see({ key, ...rest }) {
      await table.put({ pk, sk: key, ...rest });
    },
    forget: (key) => table.removeMany([{ pk, sk: key }]),
  };
}
