import { once } from 'node:events';
import { tell } from '../../log.ts';
import { checkRead } from '../conditions.ts';
import { S3Error } from '../error.ts';
import { type ByteRange, parseRange } from '../range.ts';
import type { S3Response } from '../response.ts';
import { DamagedBlob } from '../storage/blobs.ts';
import type { ObjectRecord } from '../storage/records.ts';
import { integerParam, type ObjectCall, requireBucket } from './call.ts';
import { checksumToSend, headersToSend } from './object-headers.ts';

/** @throws S3Error NoSuchBucket, NoSuchKey */
export function requireObject({
  store,
  bucket,
  key,
}: Pick<ObjectCall, 'store' | 'bucket' | 'key'>): ObjectRecord {
  requireBucket(store, bucket);
  const record = store.catalog.object(bucket, key);
  if (!record) throw new S3Error('NoSuchKey', undefined, { Key: key });
  return record;
}

/** GetObject and HeadObject: whole, a range, or one part of a multipart upload. */
export async function readObject(call: ObjectCall): Promise<S3Response> {
  const { request, store } = call;
  const record = requireObject(call);
  const headers = headersToSend(request, record);
  if (!checkRead(request, record)) {
    const { etag = '', 'last-modified': modified = '' } = headers;
    return { status: 304, headers: { etag, 'last-modified': modified } };
  }
  const part = integerParam(request, 'partNumber', 1, 10_000);
  const range =
    part === undefined ? parseRange(request.header('range'), record.size) : partRange(record, part);
  const whole = range ?? { start: 0, length: record.size };
  const answer = {
    status: range ? 206 : 200,
    headers: {
      ...headers,
      'content-length': whole.length,
      ...(range && {
        'content-range': `bytes ${range.start}-${range.start + range.length - 1}/${record.size}`,
      }),
      ...(range ? {} : checksumToSend(request, record)),
      ...(part !== undefined && record.blobs.length > 1 && { 'x-amz-mp-parts-count': record.blobs.length }),
    },
  };
  if (request.method === 'HEAD' || whole.length === 0) return answer;
  // Before anything is waited for: it holds the files.
  const body = store.blobs.read(record.blobs, whole.start, whole.length);
  for (const blob of record.blobs) {
    const problem = await store.blobs.problemOf(blob);
    if (problem === undefined) continue;
    body.destroy();
    throw lost(call, problem);
  }
  try {
    // Its first bytes are read, and their checksum compared, before anything is answered.
    await once(body, 'readable');
  } catch (error) {
    throw error instanceof DamagedBlob ? lost(call, error.message) : error;
  }
  return { ...answer, body };
}

function lost({ bucket, key }: ObjectCall, problem: string): S3Error {
  tell('error', `The object ${bucket}/${key} is lost: ${problem}.`);
  return new S3Error('NoSuchKey', 'The bytes of this key are lost.', { Key: key });
}

function partRange(record: ObjectRecord, part: number): ByteRange | undefined {
  if (record.blobs.length === 0 && part === 1) return undefined;
  const blob = record.blobs[part - 1];
  if (!blob) throw new S3Error('InvalidRange', 'The requested partnumber is not satisfiable');
  const start = record.blobs.slice(0, part - 1).reduce((sum, { size }) => sum + size, 0);
  return blob.size === 0 ? undefined : { start, length: blob.size };
}
