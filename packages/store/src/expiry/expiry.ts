import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { S3Client } from '@aws-sdk/client-s3';
import { type Key, openTable } from '../dynamodb/table.ts';
import { defaultPassLimits, type PassLimits, removeExpiredItems } from './expired-items.ts';
import { removeExpiredUploads } from './expired-uploads.ts';

export interface ExpiryOptions {
  readonly dynamodb: DynamoDBClient;
  readonly s3: S3Client;
  /** Those whose items may expire; the first one has the checkpoints. */
  readonly tables: readonly [string, ...string[]];
  /** The bucket of uploads. */
  readonly bucket: string;
  readonly limits?: Partial<PassLimits>;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

interface Removed {
  readonly items: number;
  readonly uploads: number;
}

/** Removes what has expired, where the engines don't: nothing that reads depends on it. */
export interface Expiry {
  /**
   * Looks at a bounded number of items and uploads, from where the last pass of any server has ended. May be cut off and repeated;
   * one server at a time is enough.
   */
  pass(): Promise<Removed>;
}

/** Checkpoints are items `CHECKPOINT` / `expiry#<table or bucket>`: `after`, as JSON. */
export function createExpiry({
  dynamodb,
  s3,
  tables,
  bucket,
  limits,
  now = Date.now,
}: ExpiryOptions): Expiry {
  const bounds = { ...defaultPassLimits, ...limits };
  const checkpoints = openTable(dynamodb, tables[0]);
  const goOn = async <T, R extends { readonly removed: number; readonly next: T | undefined }>(
    name: string,
    pass: (after: T | undefined) => Promise<R>,
  ): Promise<number> => {
    const key = { pk: 'CHECKPOINT', sk: `expiry#${name}` };
    const after = (await checkpoints.get(key))?.after;
    const { removed, next } = await pass(typeof after === 'string' ? (JSON.parse(after) as T) : undefined);
    if (next !== undefined) await checkpoints.put({ ...key, after: JSON.stringify(next) });
    else if (after !== undefined) await checkpoints.removeMany([key]);
    return removed;
  };
  return {
    async pass() {
      let items = 0;
      for (const name of new Set(tables)) {
        const table = openTable(dynamodb, name);
        items += await goOn<Key, Awaited<ReturnType<typeof removeExpiredItems>>>(name, (after) =>
          removeExpiredItems(table, after, now(), bounds),
        );
      }
      const uploads = await goOn(`bucket ${bucket}`, (after: string | undefined) =>
        removeExpiredUploads(s3, bucket, after, now()),
      );
      return { items, uploads };
    },
  };
}
