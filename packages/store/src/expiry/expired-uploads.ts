import { DeleteObjectsCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';

/** As the cloud's lifecycle rule: media that clients upload are kept for a day. */
export const uploadsKept = { prefix: 'uploads/', ms: 24 * 3_600_000 } as const;

/**
 * Removes those of the next 1000 uploads that are too old, as a lifecycle rule would.
 * @param after where the page before ended; undefined: from the beginning
 * @returns `next` is undefined where there are no more
 */
export async function removeExpiredUploads(
  s3: S3Client,
  bucket: string,
  after: string | undefined,
  now: number,
): Promise<{ readonly removed: number; readonly next: string | undefined }> {
  const { Contents: listed = [], IsTruncated: hasMore } = await s3.send(
    new ListObjectsV2Command({ Bucket: bucket, Prefix: uploadsKept.prefix, StartAfter: after }),
  );
  const old = listed.flatMap(({ Key, LastModified }) =>
    Key !== undefined && LastModified !== undefined && LastModified.getTime() + uploadsKept.ms <= now
      ? [{ Key }]
      : [],
  );
  if (old.length > 0)
    await s3.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: old, Quiet: true } }));
  return { removed: old.length, next: hasMore ? listed.at(-1)?.Key : undefined };
}
