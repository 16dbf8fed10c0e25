import { createHash, randomUUID } from 'node:crypto';
import { checksumElement, checksumHeader, createDigest, parseAlgorithm } from '../body/checksums.ts';
import { RequestBody, readText } from '../body/receive.ts';
import { checkWrite } from '../conditions.ts';
import { S3Error } from '../error.ts';
import { type S3Response, xmlResponse } from '../response.ts';
import type { BlobRef, PartRecord, StoredChecksum, UploadRecord } from '../storage/records.ts';
import { children, parseXml, text } from '../xml.ts';
import { type BucketCall, integerParam, type ObjectCall, requireBucket } from './call.ts';
import { headersToKeep } from './object-headers.ts';

/** Every part but the last must have 5 MiB. */
const minPartBytes = 5 * 1024 ** 2;
const maxParts = 10_000;

interface UploadCall extends ObjectCall {
  readonly uploadId: string;
}

/** @throws S3Error NoSuchBucket, NoSuchUpload */
export function requireUpload({
  store,
  bucket,
  key,
  uploadId,
}: Omit<UploadCall, 'request' | 'auth'>): UploadRecord {
  requireBucket(store, bucket);
  const upload = store.catalog.upload(bucket, uploadId);
  if (!upload || upload.key !== key) throw new S3Error('NoSuchUpload', undefined, { UploadId: uploadId });
  return upload;
}

export async function createUpload({ request, store, bucket, key }: ObjectCall): Promise<S3Response> {
  requireBucket(store, bucket);
  const named = request.header('x-amz-checksum-algorithm');
  const algorithm = named === undefined ? undefined : parseAlgorithm(named);
  const type =
    request.header('x-amz-checksum-type') ?? (algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE');
  if (type !== 'COMPOSITE' && type !== 'FULL_OBJECT') throw new S3Error('InvalidRequest');
  const uploadId = randomUUID();
  await store.catalog.putUpload(bucket, uploadId, {
    key,
    startedAt: new Date().toISOString(),
    headers: headersToKeep(request),
    ...(algorithm && { checksum: { algorithm, type } }),
  });
  const answer = xmlResponse('InitiateMultipartUploadResult', {
    Bucket: bucket,
    Key: key,
    UploadId: uploadId,
  });
  if (!algorithm) return answer;
  const headers = { ...answer.headers, 'x-amz-checksum-algorithm': algorithm, 'x-amz-checksum-type': type };
  return { ...answer, headers };
}

export async function uploadPart(call: UploadCall): Promise<S3Response> {
  const { request, auth, store } = call;
  const upload = requireUpload(call);
  const body = new RequestBody(request, auth, upload.checksum?.algorithm);
  const number = partNumber(call);
  const blob = await store.blobs.write(body);
  return keepPart(call, number, blob, body.digests);
}

/** Stores a part's record over an earlier one of that number. */
export async function keepPart(
  call: Omit<UploadCall, 'request' | 'auth'>,
  number: number,
  blob: BlobRef,
  digests: { readonly md5: string; readonly checksum?: NonNullable<PartRecord['checksum']> },
): Promise<S3Response> {
  const { store, bucket, uploadId } = call;
  const { md5, checksum } = digests;
  await store.locks.run(`upload ${uploadId}`, async () => {
    try {
      requireUpload(call);
    } catch (error) {
      await store.blobs.remove([blob]);
      throw error;
    }
    const earlier = store.catalog.part(bucket, uploadId, number);
    await store.catalog.putPart(bucket, uploadId, {
      number,
      size: blob.size,
      etag: md5,
      modifiedAt: new Date().toISOString(),
      blob,
      ...(checksum && { checksum }),
    });
    if (earlier) await store.blobs.remove([earlier.blob]);
  });
  return {
    status: 200,
    headers: { etag: `"${md5}"`, ...(checksum && { [checksumHeader(checksum.algorithm)]: checksum.value }) },
  };
}

export function partNumber({ request }: Pick<UploadCall, 'request'>): number {
  const number = integerParam(request, 'partNumber', 1, maxParts);
  if (number === undefined) throw new S3Error('InvalidArgument', 'Part number must be given.');
  return number;
}

export async function completeUpload(call: UploadCall): Promise<S3Response> {
  const { request, auth, store, bucket, key, uploadId } = call;
  requireUpload(call);
  const document = parseXml(
    await readText(new RequestBody(request, auth), 4 * 1024 ** 2),
    'CompleteMultipartUpload',
  );
  const record = await store.locks.run(`upload ${uploadId}`, async () => {
    const upload = requireUpload(call);
    const parts = chooseParts(call, document);
    const blobs = parts.map(({ blob }) => blob);
    const md5s = Buffer.concat(parts.map(({ etag }) => Buffer.from(etag, 'hex')));
    const checksum = await objectChecksum(call, upload, parts);
    const next = {
      size: parts.reduce((sum, { size }) => sum + size, 0),
      etag: `${createHash('md5').update(md5s).digest('hex')}-${parts.length}`,
      headers: upload.headers,
      blobs,
      ...(checksum && { checksum }),
    };
    const check = (present: Parameters<typeof checkWrite>[1]) => checkWrite(request, present);
    const kind = 'ObjectCreated:CompleteMultipartUpload';
    const written = await store.change(bucket, key, kind, next, check, uploadId);
    await store.abandonUpload(bucket, uploadId, new Set(blobs.map(({ id }) => id)));
    return written;
  });
  return xmlResponse('CompleteMultipartUploadResult', {
    Location: `/${bucket}/${key}`,
    Bucket: bucket,
    Key: key,
    ETag: `"${record?.etag}"`,
    ...(record?.checksum && {
      [checksumElement(record.checksum.algorithm)]: record.checksum.value,
      ChecksumType: record.checksum.type,
    }),
  });
}

/** The uploaded parts that the document names. @throws S3Error MalformedXML, InvalidPart, InvalidPartOrder, EntityTooSmall */
function chooseParts(
  { store, bucket, uploadId }: UploadCall,
  document: Record<string, unknown>,
): PartRecord[] {
  const wanted = children(document, 'Part');
  if (wanted.length === 0) throw new S3Error('MalformedXML');
  let previous = 0;
  const chosen = wanted.map((part) => {
    const number = Number(text(part, 'PartNumber'));
    if (!(number > previous)) throw new S3Error('InvalidPartOrder');
    previous = number;
    const stored = store.catalog.part(bucket, uploadId, number);
    const etag = (text(part, 'ETag') ?? '').replaceAll('"', '');
    if (!stored || stored.etag !== etag)
      throw new S3Error('InvalidPart', undefined, { PartNumber: String(number) });
    const checksum = stored.checksum && text(part, checksumElement(stored.checksum.algorithm));
    if (checksum !== undefined && checksum !== stored.checksum?.value) throw new S3Error('InvalidPart');
    return stored;
  });
  if (chosen.slice(0, -1).some(({ size }) => size < minPartBytes)) throw new S3Error('EntityTooSmall');
  return chosen;
}

/** COMPOSITE: the checksum of the parts' checksums; FULL_OBJECT: of all bytes, which are read again for it. */
async function objectChecksum(
  { store }: UploadCall,
  { checksum }: UploadRecord,
  parts: readonly PartRecord[],
): Promise<StoredChecksum | undefined> {
  if (!checksum) return undefined;
  const digest = createDigest(checksum.algorithm);
  if (checksum.type === 'COMPOSITE') {
    for (const part of parts) digest.update(Buffer.from(part.checksum?.value ?? '', 'base64'));
    return { ...checksum, value: `${(await digest.digest()).toString('base64')}-${parts.length}` };
  }
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  const blobs = parts.map(({ blob }) => blob);
  for await (const chunk of store.blobs.read(blobs, 0, size)) digest.update(chunk as Buffer);
  return { ...checksum, value: (await digest.digest()).toString('base64') };
}

export async function abortUpload(call: UploadCall): Promise<S3Response> {
  await call.store.locks.run(`upload ${call.uploadId}`, async () => {
    requireUpload(call);
    await call.store.abandonUpload(call.bucket, call.uploadId);
  });
  return { status: 204 };
}

export async function listParts(call: UploadCall): Promise<S3Response> {
  const { request, store, bucket, key, uploadId } = call;
  requireUpload(call);
  const limit = Math.min(integerParam(request, 'max-parts', 1, 2 ** 31 - 1) ?? 1000, 1000);
  const marker = integerParam(request, 'part-number-marker', 0, maxParts) ?? 0;
  const behind = (await store.catalog.parts(bucket, uploadId)).filter(({ number }) => number > marker);
  const parts = behind.slice(0, limit);
  return xmlResponse('ListPartsResult', {
    Bucket: bucket,
    Key: key,
    UploadId: uploadId,
    PartNumberMarker: marker,
    NextPartNumberMarker: parts.at(-1)?.number ?? 0,
    MaxParts: limit,
    IsTruncated: behind.length > limit,
    Part: parts.map((part) => ({
      PartNumber: part.number,
      LastModified: part.modifiedAt,
      ETag: `"${part.etag}"`,
      Size: part.size,
      ...(part.checksum && { [checksumElement(part.checksum.algorithm)]: part.checksum.value }),
    })),
  });
}

export async function listUploads({ request, store, bucket }: BucketCall): Promise<S3Response> {
  requireBucket(store, bucket);
  const prefix = request.param('prefix') ?? '';
  const uploads = (await store.catalog.uploads(bucket)).filter(({ record }) => record.key.startsWith(prefix));
  return xmlResponse('ListMultipartUploadsResult', {
    Bucket: bucket,
    Prefix: prefix,
    MaxUploads: 1000,
    IsTruncated: false,
    Upload: uploads.map(({ id, record }) => ({ Key: record.key, UploadId: id, Initiated: record.startedAt })),
  });
}
