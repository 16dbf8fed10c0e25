import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';

/** One version of an object, as a list tells of it. */
export interface ListedObject {
  readonly key: string;
  /** Without quotes. */
  readonly etag: string;
  /** When it was put, in milliseconds since 1970; S3 counts seconds. */
  readonly modified: number;
}

/** The objects below a prefix, page by page; those that stand for folders left out. */
export async function* listObjects(
  s3: S3Client,
  bucket: string,
  prefix: string,
): AsyncGenerator<ListedObject[]> {
  let token: string | undefined;
  do {
    const page = await s3.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token }),
    );
    yield (page.Contents ?? []).flatMap(({ Key, ETag, LastModified }) =>
      Key === undefined || Key.endsWith('/')
        ? []
        : [{ key: Key, etag: (ETag ?? '').replaceAll('"', ''), modified: LastModified?.getTime() ?? 0 }],
    );
    token = page.IsTruncated ? page.NextContinuationToken : undefined;
  } while (token !== undefined);
}
