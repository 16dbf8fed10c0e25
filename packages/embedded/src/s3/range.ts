import { S3Error } from './error.ts';

export interface ByteRange {
  readonly start: number;
  readonly length: number;
}

/**
 * A `Range` header of one range (RFC 9110, section 14.1.2). `undefined`: answer the whole object; S3 ignores what it
 * can't read and several ranges. @throws S3Error InvalidRange when nothing of it lies inside
 */
export function parseRange(header: string | undefined, size: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  const [first, last] = [match?.[1] ?? '', match?.[2] ?? ''];
  if (first === '' && last === '') return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  if (start >= size || (first === '' && Number(last) === 0)) {
    throw new S3Error('InvalidRange', undefined, {
      ActualObjectSize: String(size),
      RangeRequested: header ?? '',
    });
  }
  return { start, length: end - start + 1 };
}
