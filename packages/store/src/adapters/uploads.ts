import type { S3Client } from '@aws-sdk/client-s3';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import type { Uploads } from '@openfrs/core';

/** Forms for S3's POST: the signed policy names the key and the length; nothing else can be put with them. */
export function presignedUploads(s3: S3Client, bucket: string): Uploads {
  return {
    bucket,
    form: (key, maxBytes, expires) =>
      createPresignedPost(s3, {
        Bucket: bucket,
        Key: key,
        Conditions: [['content-length-range', 1, maxBytes]],
        Expires: Math.round((expires.getTime() - Date.now()) / 1000),
      }),
  };
}
