import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { S3Client } from '@aws-sdk/client-s3';
import { log } from '@openfrs/core/observation';
import { type Key, openTable } from '../dynamodb/table.ts';
import { itemLimits, removeExpiredItems } from './expired-items.ts';
import { removeExpiredUploads, type UploadsRule, uploadLimits, uploadsRule } from './expired-uploads.ts';
import type { PageResult, PassLimits } from './pass.ts';

export interface ExpiryOptions {
  readonly dynamodb: DynamoDBClient;
  readonly s3: S3Client;
  /** Those whose items may expire; the first one has the checkpoints. */
  readonly tables: readonly [string, ...string[]];
  /** The bucket of uploads. */
  readonly bucket: string;
  /** The engine of the tables removes items by their time to live, as AWS does: none is looked for. */
  readonly hasTimeToLive?: boolean;
  /** This S3 does what the rules of a bucket's lifecycle say, as AWS does: uploads are left to a rule that removes them. */
  readonly hasLifecycle?: boolean;
  /** Of each table and of the bucket. */
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
   * @param of `uploads` false: whoever has the bucket removes them
   * @throws Error behind the pass: a table or the bucket failed, or has not removed something that has expired
   */
  pass(of?: { readonly uploads: boolean }): Promise<Removed>;
}

/** Checkpoints are items `CHECKPOINT` / `expiry#<table or bucket>`: `after`, as JSON. */
export function createExpiry({
  dynamodb,
  s3,
  tables,
  bucket,
  hasTimeToLive = false,
  hasLifecycle = false,
  limits,
  now = Date.now,
}: ExpiryOptions): Expiry {
  const checkpoints = openTable(dynamodb, tables[0]);
  const goOn = async <T, R extends PageResult<T>>(
    name: string,
    pass: (after: T | undefined) => Promise<R>,
  ): Promise<R> => {
    const key = { pk: 'CHECKPOINT', sk: `expiry#${name}` };
    const after = (await checkpoints.get(key))?.after;
    const done = await pass(typeof after === 'string' ? (JSON.parse(after) as T) : undefined);
    if (done.next !== undefined) await checkpoints.put({ ...key, after: JSON.stringify(done.next) });
    else if (after !== undefined) await checkpoints.removeMany([key]);
    return done;
  };
  const itemsOf = async (name: string): Promise<number> => {
    const table = openTable(dynamodb, name);
    const { removed } = await goOn<Key, PageResult<Key>>(name, (after) =>
      removeExpiredItems(table, after, now(), { ...itemLimits, ...limits }),
    );
    return removed;
  };
  let isTold = false;
  /** Whoever keeps a bucket on AWS may know nothing of it, and what is removed doesn't come back. */
  const tellOnce = (rule: Exclude<UploadsRule, { kind: 'removes' }>) => {
    if (isTold) return;
    isTold = true;
    log('info', `Uploads of ${bucket} that are older than a day are removed here: ${whyNot(rule)}.`);
  };
  const uploadsOf = async (): Promise<number> => {
    if (hasLifecycle) {
      const rule = await uploadsRule(s3, bucket, now());
      if (rule.kind === 'removes') return 0;
      tellOnce(rule);
    }
    const { removed, failures } = await goOn(`bucket ${bucket}`, (after: string | undefined) =>
      removeExpiredUploads(s3, bucket, after, now(), { ...uploadLimits, ...limits }),
    );
    if (failures.length > 0)
      throw new Error(`S3 did not remove ${failures.length} uploads of ${bucket}, the first: ${failures[0]}`);
    return removed;
  };
  return {
    async pass({ uploads } = { uploads: true }) {
      const errors: unknown[] = [];
      // One that fails holds up no other.
      const attempt = (removed: Promise<number>) =>
        removed.catch((error: unknown) => {
          errors.push(error);
          return 0;
        });
      let items = 0;
      for (const name of hasTimeToLive ? [] : new Set(tables)) items += await attempt(itemsOf(name));
      const removed = { items, uploads: uploads ? await attempt(uploadsOf()) : 0 };
      if (errors.length === 1) throw errors[0];
      if (errors.length > 1) throw new AggregateError(errors, 'Several stores failed.');
      return removed;
    },
  };
}

function whyNot(rule: Exclude<UploadsRule, { kind: 'removes' }>): string {
  if (rule.kind === 'none') return 'its lifecycle has no rule for them';
  if (rule.kind === 'late') return `its lifecycle keeps them for ${rule.days} days`;
  return 'its lifecycle may not be read';
}
