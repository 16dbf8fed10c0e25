import { uriEncode } from '../../auth/canonical.ts';
import { S3Error } from '../error.ts';
import { type S3Response, xmlResponse } from '../response.ts';
import { after } from '../storage/catalog.ts';
import type { ObjectRecord } from '../storage/records.ts';
import { type BucketCall, integerParam, requireBucket } from './call.ts';

const maxKeys = 1000;

interface Page {
  readonly contents: { readonly key: string; readonly record: ObjectRecord }[];
  readonly prefixes: string[];
  /** The last key or common prefix of this page, when there is more. */
  readonly next?: string;
}

/** Up to `limit` keys and common prefixes behind `marker`. */
async function page(
  call: BucketCall,
  prefix: string,
  delimiter: string,
  marker: string,
  limit: number,
): Promise<Page> {
  const contents: Page['contents'] = [];
  const prefixes: string[] = [];
  if (limit === 0) return { contents, prefixes };
  // A marker that is a common prefix stands for all keys under it.
  const rolledUp =
    delimiter !== '' && marker.startsWith(prefix) && marker.indexOf(delimiter, prefix.length) >= 0;
  const from =
    marker === ''
      ? Buffer.alloc(0)
      : rolledUp && marker.endsWith(delimiter)
        ? after(Buffer.from(marker))
        : Buffer.concat([Buffer.from(marker), Buffer.from([0])]);
  const objects = call.store.catalog.objects(call.bucket, prefix, from);
  let last = '';
  for (let step = await objects.next(); !step.done; ) {
    const { key, record } = step.value;
    if (contents.length + prefixes.length === limit) {
      await objects.return();
      return { contents, prefixes, next: last };
    }
    const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    if (end >= 0) {
      last = key.slice(0, end + delimiter.length);
      prefixes.push(last);
      step = await objects.next(after(Buffer.from(last)));
    } else {
      last = key;
      contents.push({ key, record });
      step = await objects.next();
    }
  }
  return { contents, prefixes };
}

/** ListObjectsV2 (`list-type=2`) and ListObjects. */
export async function listObjects(call: BucketCall): Promise<S3Response> {
  const { request, store, bucket } = call;
  requireBucket(store, bucket);
  const v2 = request.param('list-type') === '2';
  const [prefix, delimiter] = [request.param('prefix') ?? '', request.param('delimiter') ?? ''];
  const encoding = request.param('encoding-type');
  if (encoding !== undefined && encoding !== 'url') {
    throw new S3Error('InvalidArgument', 'Invalid Encoding Method specified in Request');
  }
  const encode = encoding === 'url' ? (text: string) => uriEncode(text, true) : (text: string) => text;
  const limit = Math.min(integerParam(request, 'max-keys', 0, 2 ** 31 - 1) ?? maxKeys, maxKeys);
  const token = request.param('continuation-token');
  const start = (v2 ? request.param('start-after') : request.param('marker')) ?? '';
  const marker = v2 && token !== undefined ? parseToken(token) : start;
  const { contents, prefixes, next } = await page(call, prefix, delimiter, marker, limit);
  return xmlResponse('ListBucketResult', {
    Name: bucket,
    Prefix: encode(prefix),
    ...(delimiter !== '' && { Delimiter: encode(delimiter) }),
    ...(v2
      ? {
          KeyCount: contents.length + prefixes.length,
          ...(start !== '' && { StartAfter: encode(start) }),
          ...(token !== undefined && { ContinuationToken: token }),
          ...(next !== undefined && { NextContinuationToken: Buffer.from(next).toString('base64url') }),
        }
      : {
          Marker: encode(start),
          ...(next !== undefined && { NextMarker: encode(next) }),
        }),
    MaxKeys: limit,
    ...(encoding !== undefined && { EncodingType: encoding }),
    IsTruncated: next !== undefined,
    Contents: contents.map(({ key, record }) => ({
      Key: encode(key),
      LastModified: record.modifiedAt,
      ETag: `"${record.etag}"`,
      ...(record.checksum && {
        ChecksumAlgorithm: record.checksum.algorithm,
        ChecksumType: record.checksum.type,
      }),
      Size: record.size,
      StorageClass: 'STANDARD',
    })),
    CommonPrefixes: prefixes.map((common) => ({ Prefix: encode(common) })),
  });
}

function parseToken(token: string): string {
  const text = Buffer.from(token, 'base64url');
  if (token === '' || text.toString('base64url') !== token) {
    throw new S3Error('InvalidArgument', 'The continuation token provided is incorrect');
  }
  return text.toString();
}
