import { S3Error } from '../error.ts';
import { type S3Response, xmlResponse } from '../response.ts';
import type { Store } from '../store.ts';
import { type BucketCall, requireBucket } from './call.ts';

/** S3's naming rules for buckets: 3–63 of a–z 0–9 . -, letters or digits at both ends, no IP address. */
export function isBucketName(name: string): boolean {
  return (
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes('..') && !/^\d+(\.\d+){3}$/.test(name)
  );
}

export async function listBuckets(store: Store, owner: string): Promise<S3Response> {
  const buckets = await store.catalog.buckets();
  return xmlResponse('ListAllMyBucketsResult', {
    Owner: { ID: owner, DisplayName: owner },
    Buckets: { Bucket: buckets.map(({ name, record }) => ({ Name: name, CreationDate: record.createdAt })) },
  });
}

export async function createBucket({ store, bucket }: BucketCall): Promise<S3Response> {
  if (!isBucketName(bucket)) throw new S3Error('InvalidBucketName', undefined, { BucketName: bucket });
  if (store.catalog.bucket(bucket)) throw new S3Error('BucketAlreadyOwnedByYou');
  await store.catalog.putBucket(bucket, { createdAt: new Date().toISOString() });
  return { status: 200, headers: { location: `/${bucket}` } };
}

export async function headBucket({ store, bucket }: BucketCall, region: string): Promise<S3Response> {
  requireBucket(store, bucket);
  return { status: 200, headers: { 'x-amz-bucket-region': region } };
}

export async function getBucketLocation({ store, bucket }: BucketCall, region: string): Promise<S3Response> {
  requireBucket(store, bucket);
  return xmlResponse('LocationConstraint', { '#text': region === 'us-east-1' ? '' : region });
}

export async function deleteBucket({ store, bucket }: BucketCall): Promise<S3Response> {
  requireBucket(store, bucket);
  for await (const _ of store.catalog.objects(bucket, '', Buffer.alloc(0)))
    throw new S3Error('BucketNotEmpty');
  for (const { id } of await store.catalog.uploads(bucket)) await store.abandonUpload(bucket, id);
  await store.catalog.removeBucket(bucket);
  return { status: 204 };
}
