import { checksumElement, createDigest } from '../body/checksums.ts';
import { checkRead, checkWrite } from '../conditions.ts';
import { S3Error } from '../error.ts';
import { parseRange } from '../range.ts';
import { type S3Response, xmlResponse } from '../response.ts';
import type { BlobRef, ObjectRecord } from '../storage/records.ts';
import { type ObjectCall, requireBucket } from './call.ts';
import { keepPart, partNumber, requireUpload } from './multipart.ts';
import { headersToKeep } from './object-headers.ts';
import { requireObject } from './read-object.ts';

/** The object that `x-amz-copy-source` names (`/bucket/key`, percent-encoded). @throws S3Error InvalidArgument, NoSuchKey, PreconditionFailed */
function source(call: ObjectCall): { record: ObjectRecord; bucket: string; key: string } {
  let path: string;
  try {
    path = decodeURIComponent(call.request.header('x-amz-copy-source') ?? '').replace(/^\//, '');
  } catch {
    throw new S3Error('InvalidArgument', 'The copy source must be percent-encoded.');
  }
  const slash = path.indexOf('/');
  const [bucket, key] = [path.slice(0, slash), path.slice(slash + 1)];
  if (slash < 1 || key === '')
    throw new S3Error('InvalidArgument', 'Copy Source must mention the source bucket and key');
  const record = requireObject({ store: call.store, bucket, key });
  if (!checkRead(call.request, record, 'x-amz-copy-source-')) throw new S3Error('PreconditionFailed');
  return { record, bucket, key };
}

export async function copyObject(call: ObjectCall): Promise<S3Response> {
  const { request, store, bucket, key } = call;
  requireBucket(store, bucket);
  const from = source(call);
  const replace = request.header('x-amz-metadata-directive')?.toUpperCase() === 'REPLACE';
  if (!replace && from.bucket === bucket && from.key === key) {
    throw new S3Error(
      'InvalidRequest',
      'This copy request is illegal: an object is copied onto itself unchanged.',
    );
  }
  const blobs = await cloneAll(call, from.record);
  try {
    const { etag, size, checksum } = from.record;
    const headers = replace ? headersToKeep(request) : from.record.headers;
    const next = { size, etag, headers, blobs, ...(checksum && { checksum }) };
    const record = await store.change(bucket, key, 'ObjectCreated:Copy', next, (present) =>
      checkWrite(request, present),
    );
    return xmlResponse('CopyObjectResult', {
      ETag: `"${etag}"`,
      LastModified: record?.modifiedAt,
      ...(checksum && { [checksumElement(checksum.algorithm)]: checksum.value, ChecksumType: checksum.type }),
    });
  } catch (error) {
    await store.blobs.remove(blobs);
    throw error;
  }
}

/** Hard links to the source's files, which stay put while they are made. */
async function cloneAll({ store }: ObjectCall, record: ObjectRecord): Promise<BlobRef[]> {
  const hold = store.blobs.read(record.blobs, 0, 0);
  try {
    return await Promise.all(record.blobs.map((blob) => store.blobs.clone(blob)));
  } finally {
    hold.destroy();
  }
}

export async function copyPart(call: ObjectCall & { readonly uploadId: string }): Promise<S3Response> {
  const { request, store } = call;
  const upload = requireUpload(call);
  const number = partNumber(call);
  const { record } = source(call);
  const range = parseRange(request.header('x-amz-copy-source-range'), record.size);
  const { start, length } = range ?? { start: 0, length: record.size };
  const algorithm = upload.checksum?.algorithm;
  const md5 = createDigest('MD5');
  const checksum = algorithm && createDigest(algorithm);
  const bytes = store.blobs.read(record.blobs, start, length);
  async function* tapped() {
    for await (const chunk of bytes as AsyncIterable<Buffer>) {
      md5.update(chunk);
      checksum?.update(chunk);
      yield chunk;
    }
  }
  const blob = await store.blobs.write(tapped());
  const etag = (await md5.digest()).toString('hex');
  const value = (await checksum?.digest())?.toString('base64');
  await keepPart(call, number, blob, {
    md5: etag,
    ...(algorithm && value !== undefined && { checksum: { algorithm, value } }),
  });
  return xmlResponse('CopyPartResult', { ETag: `"${etag}"`, LastModified: new Date().toISOString() });
}
