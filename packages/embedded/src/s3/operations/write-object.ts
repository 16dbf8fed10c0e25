import { checksumHeader, parseAlgorithm } from '../body/checksums.ts';
import { RequestBody } from '../body/receive.ts';
import { checkWrite } from '../conditions.ts';
import type { S3Response } from '../response.ts';
import { type ObjectCall, requireBucket } from './call.ts';
import { headersToKeep } from './object-headers.ts';

export async function putObject({ request, auth, store, bucket, key }: ObjectCall): Promise<S3Response> {
  requireBucket(store, bucket);
  const headers = headersToKeep(request);
  const wanted = request.header('x-amz-sdk-checksum-algorithm');
  const body = new RequestBody(request, auth, wanted === undefined ? undefined : parseAlgorithm(wanted));
  const blob = await store.blobs.write(body);
  const { md5, checksum } = body.digests;
  try {
    requireBucket(store, bucket);
    await store.change(
      bucket,
      key,
      'ObjectCreated:Put',
      {
        size: blob.size,
        etag: md5,
        headers,
        blobs: [blob],
        ...(checksum && { checksum: { ...checksum, type: 'FULL_OBJECT' as const } }),
      },
      (present) => checkWrite(request, present),
    );
  } catch (error) {
    await store.blobs.remove([blob]);
    throw error;
  }
  return {
    status: 200,
    headers: {
      etag: `"${md5}"`,
      ...(checksum && {
        [checksumHeader(checksum.algorithm)]: checksum.value,
        'x-amz-checksum-type': 'FULL_OBJECT',
      }),
    },
  };
}

/** Answers 204 whether the object was there or not, as S3 does. */
export async function deleteObject({ request, store, bucket, key }: ObjectCall): Promise<S3Response> {
  requireBucket(store, bucket);
  await store.change(bucket, key, 'ObjectRemoved:Delete', undefined, (present) => {
    if (request.header('if-match') !== undefined) checkWrite(request, present);
  });
  return { status: 204 };
}
