import { S3Error } from './error.ts';
import type { S3Request } from './request.ts';
import type { ObjectRecord } from './storage/records.ts';

const failed = (condition: string) => new S3Error('PreconditionFailed', undefined, { Condition: condition });

/** One of a header's entity tags (quoted or not, `*` for any) is the object's. */
function matches(header: string, etag: string): boolean {
  return header.split(',').some((tag) => {
    const bare = tag.trim().replace(/^W\//, '').replace(/^"|"$/g, '');
    return bare === '*' || bare === etag;
  });
}

/** Conditional writes: `If-None-Match: *` and `If-Match: <etag>`. @throws S3Error PreconditionFailed, NoSuchKey, NotImplemented */
export function checkWrite(request: S3Request, present: ObjectRecord | undefined): void {
  const ifNoneMatch = request.header('if-none-match');
  const ifMatch = request.header('if-match');
  if (ifNoneMatch !== undefined) {
    if (ifNoneMatch.trim() !== '*') {
      throw new S3Error('NotImplemented', 'If-None-Match takes only * when writing.');
    }
    if (present) throw failed('If-None-Match');
  }
  if (ifMatch !== undefined) {
    if (!present) throw new S3Error('NoSuchKey');
    if (!matches(ifMatch, present.etag)) throw failed('If-Match');
  }
}

/**
 * Conditional reads, in the order of RFC 9110, section 13.2.2. `prefix` is `x-amz-copy-source-` for a copy's source.
 * @returns false when the answer is 304 Not Modified. @throws S3Error PreconditionFailed
 */
export function checkRead(request: S3Request, record: ObjectRecord, prefix = ''): boolean {
  const header = (name: string) => request.header(`${prefix}${name}`);
  const modified = Math.floor(Date.parse(record.modifiedAt) / 1000) * 1000;
  const time = (name: string) => {
    const value = Date.parse(header(name) ?? '');
    return Number.isNaN(value) ? undefined : value;
  };
  const ifMatch = header('if-match');
  const since = time('if-unmodified-since');
  if (ifMatch !== undefined) {
    if (!matches(ifMatch, record.etag)) throw failed('If-Match');
  } else if (since !== undefined && modified > since) throw failed('If-Unmodified-Since');
  const ifNoneMatch = header('if-none-match');
  const changedSince = time('if-modified-since');
  if (ifNoneMatch !== undefined) return !matches(ifNoneMatch, record.etag);
  return !(changedSince !== undefined && modified <= changedSince);
}
