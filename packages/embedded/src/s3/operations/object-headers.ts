import { checksumHeader } from '../body/checksums.ts';
import { S3Error } from '../error.ts';
import type { S3Request } from '../request.ts';
import type { ObjectHeaders, ObjectRecord } from '../storage/records.ts';

export const keptHeaders: readonly string[] = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
];
/** S3's limit for names and values of `x-amz-meta-*` together. */
const maxMetadataBytes = 2048;

/** The headers that an object keeps. @throws S3Error MetadataTooLarge */
export function headersToKeep(request: S3Request): ObjectHeaders {
  const headers: Record<string, string> = {};
  for (const name of keptHeaders) {
    const value = request.header(name);
    if (value !== undefined) headers[name] = value;
  }
  const encoding = (headers['content-encoding'] ?? '')
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '' && word !== 'aws-chunked');
  delete headers['content-encoding'];
  if (encoding.length > 0) headers['content-encoding'] = encoding.join(',');
  return { ...headers, ...metadata(metadataPairs(request)) };
}

function metadataPairs(request: S3Request): [string, string][] {
  const names = new Set([
    ...Object.keys(request.headers),
    ...request.query.map(([name]) => name.toLowerCase()),
  ]);
  return [...names]
    .filter((name) => name.startsWith('x-amz-meta-'))
    .flatMap((name) => {
      const value = request.header(name);
      return value === undefined ? [] : [[name, value] as [string, string]];
    });
}

/** Checks the size of user metadata. @throws S3Error MetadataTooLarge */
export function metadata(pairs: readonly (readonly [string, string])[]): ObjectHeaders {
  const size = pairs.reduce(
    (sum, [name, value]) => sum + name.length - 'x-amz-meta-'.length + value.length,
    0,
  );
  if (size > maxMetadataBytes) throw new S3Error('MetadataTooLarge');
  return Object.fromEntries(pairs);
}

/** The headers of a GET's or HEAD's answer, with `response-*` parameters over the stored ones. */
export function headersToSend(request: S3Request, record: ObjectRecord): Record<string, string> {
  const headers: Record<string, string> = {
    'content-type': 'binary/octet-stream',
    ...record.headers,
    'accept-ranges': 'bytes',
    etag: `"${record.etag}"`,
    'last-modified': new Date(record.modifiedAt).toUTCString(),
  };
  for (const name of keptHeaders) {
    const value = request.param(`response-${name}`);
    if (value !== undefined && !/[\r\n]/.test(value)) headers[name] = value;
  }
  return headers;
}

/** The stored checksum, for clients that ask for it with `x-amz-checksum-mode: ENABLED`. */
export function checksumToSend(request: S3Request, record: ObjectRecord): Record<string, string> {
  const { checksum } = record;
  if (!checksum || request.header('x-amz-checksum-mode')?.toUpperCase() !== 'ENABLED') return {};
  return { [checksumHeader(checksum.algorithm)]: checksum.value, 'x-amz-checksum-type': checksum.type };
}
