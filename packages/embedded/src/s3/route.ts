import type { Authenticated } from '../auth/authenticate.ts';
import { S3Error } from './error.ts';
import { refuseNotImplemented } from './not-implemented.ts';
import {
  createBucket,
  deleteBucket,
  getBucketLocation,
  headBucket,
  isBucketName,
  listBuckets,
} from './operations/buckets.ts';
import type { BucketCall, ObjectCall } from './operations/call.ts';
import { copyObject, copyPart } from './operations/copy-object.ts';
import { deleteObjects } from './operations/delete-objects.ts';
import { listObjects } from './operations/list-objects.ts';
import {
  abortUpload,
  completeUpload,
  createUpload,
  listParts,
  listUploads,
  uploadPart,
} from './operations/multipart.ts';
import { readObject } from './operations/read-object.ts';
import { deleteObject, putObject } from './operations/write-object.ts';
import type { S3Request } from './request.ts';
import type { S3Response } from './response.ts';
import type { Store } from './store.ts';

/** Sends a request that was let in to its operation. @throws S3Error MethodNotAllowed, NotImplemented, and the operation's */
export async function route(
  request: S3Request,
  auth: Authenticated,
  store: Store,
  region: string,
): Promise<S3Response> {
  refuseNotImplemented(request);
  const { bucket, key, method } = request;
  if (bucket === undefined) {
    if (method === 'GET') return listBuckets(store, 'openfrs');
    throw new S3Error('MethodNotAllowed');
  }
  if (key === undefined) return bucketOperation({ request, auth, store, bucket }, region);
  if (!isBucketName(bucket)) throw new S3Error('InvalidBucketName', undefined, { BucketName: bucket });
  return objectOperation({ request, auth, store, bucket, key });
}

function bucketOperation(call: BucketCall, region: string): Promise<S3Response> {
  const { request } = call;
  switch (request.method) {
    case 'PUT':
      return createBucket(call);
    case 'HEAD':
      return headBucket(call, region);
    case 'DELETE':
      return deleteBucket(call);
    case 'POST':
      if (request.param('delete') !== undefined) return deleteObjects(call);
      throw new S3Error('MethodNotAllowed');
    case 'GET':
      if (request.param('location') !== undefined) return getBucketLocation(call, region);
      if (request.param('uploads') !== undefined) return listUploads(call);
      return listObjects(call);
    default:
      throw new S3Error('MethodNotAllowed');
  }
}

function objectOperation(call: ObjectCall): Promise<S3Response> {
  const { request } = call;
  const uploadId = request.param('uploadId');
  const copies = request.header('x-amz-copy-source') !== undefined;
  switch (request.method) {
    case 'GET':
      return uploadId === undefined ? readObject(call) : listParts({ ...call, uploadId });
    case 'HEAD':
      return readObject(call);
    case 'PUT':
      if (uploadId !== undefined)
        return copies ? copyPart({ ...call, uploadId }) : uploadPart({ ...call, uploadId });
      return copies ? copyObject(call) : putObject(call);
    case 'POST':
      if (request.param('uploads') !== undefined) return createUpload(call);
      if (uploadId !== undefined) return completeUpload({ ...call, uploadId });
      throw new S3Error('MethodNotAllowed');
    case 'DELETE':
      return uploadId === undefined ? deleteObject(call) : abortUpload({ ...call, uploadId });
    default:
      throw new S3Error('MethodNotAllowed');
  }
}
