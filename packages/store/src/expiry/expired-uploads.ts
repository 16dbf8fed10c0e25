import {
  DeleteObjectsCommand,
  GetBucketLifecycleConfigurationCommand,
  type LifecycleRule,
  ListObjectsV2Command,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { uploadsPrefix } from '@openfrs/core';
import { type PageResult, type PassLimits, passOver } from './pass.ts';

const dayMs = 24 * 3_600_000;

/** As the cloud's lifecycle rule: media that clients upload are kept for a day. */
export const uploadsKept = { prefix: uploadsPrefix, ms: dayMs } as const;

/** With passes every ten minutes 14 million uploads a day; S3 lists and removes 1000 objects at a time. */
export const uploadLimits: PassLimits = { pageItems: 1000, items: 100_000, rest: 4 };

interface UploadsPass extends PageResult<string> {
  /** Uploads that S3 did not remove, and why. */
  readonly failures: readonly string[];
}

/** Removes those of the next uploads that are too old, as a lifecycle rule would. @param now milliseconds since 1970 */
export async function removeExpiredUploads(
  s3: S3Client,
  bucket: string,
  after: string | undefined,
  now: number,
  limits: PassLimits,
): Promise<UploadsPass> {
  const failures: string[] = [];
  const pass = await passOver<string>(after, limits, async (from) => {
    const { Contents: listed = [], IsTruncated: hasMore } = await s3.send(
      new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: uploadsKept.prefix,
        StartAfter: from,
        MaxKeys: limits.pageItems,
      }),
    );
    const old = listed.flatMap(({ Key, LastModified }) =>
      Key !== undefined && LastModified !== undefined && LastModified.getTime() + uploadsKept.ms <= now
        ? [{ Key }]
        : [],
    );
    const left = old.length === 0 ? [] : await remove(s3, bucket, old);
    failures.push(...left);
    return { removed: old.length - left.length, next: hasMore ? listed.at(-1)?.Key : undefined };
  });
  return { ...pass, failures };
}

/** @returns what is left, and why */
async function remove(s3: S3Client, bucket: string, objects: { readonly Key: string }[]): Promise<string[]> {
  const { Errors: errors = [] } = await s3.send(
    new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: objects, Quiet: true } }),
  );
  return errors.map(({ Key, Code, Message }) => `${Key}: ${Message ?? Code}`);
}

/** What the bucket's lifecycle does with uploads, and why it isn't relied on. */
export type UploadsRule =
  | { readonly kind: 'removes' }
  | { readonly kind: 'none' }
  /** Rules that remove them later than they expire. */
  | { readonly kind: 'late'; readonly days: number }
  /** Whoever asks may not see the rules. */
  | { readonly kind: 'hidden' };

/** Asks S3 for it. @param now milliseconds since 1970 */
export async function uploadsRule(s3: S3Client, bucket: string, now: number): Promise<UploadsRule> {
  try {
    const { Rules: rules = [] } = await s3.send(
      new GetBucketLifecycleConfigurationCommand({ Bucket: bucket }),
    );
    const days = Math.min(...rules.map((rule) => daysKept(rule, now)));
    if (days <= uploadsKept.ms / dayMs) return { kind: 'removes' };
    return Number.isFinite(days) ? { kind: 'late', days } : { kind: 'none' };
  } catch (error) {
    if (!(error instanceof S3ServiceException)) throw error;
    if (error.name === 'NoSuchLifecycleConfiguration') return { kind: 'none' };
    if (error.$metadata.httpStatusCode === 403) return { kind: 'hidden' };
    throw error;
  }
}

/** After how many days a rule removes uploads; infinite: it doesn't. Rules for some sizes or tags remove some uploads only. */
function daysKept(
  { Status: status, Expiration: expiration, Filter: filter, Prefix }: LifecycleRule,
  now: number,
): number {
  const { Prefix: prefix = Prefix ?? '', ...others } = filter ?? {};
  const isForAll = Object.keys(others).length === 0 && uploadsKept.prefix.startsWith(prefix);
  if (status !== 'Enabled' || expiration === undefined || !isForAll) return Number.POSITIVE_INFINITY;
  // From its date on a rule goes on removing what is put.
  if (expiration.Date !== undefined) return Math.max(0, (expiration.Date.getTime() - now) / dayMs);
  return expiration.Days ?? Number.POSITIVE_INFINITY;
}
