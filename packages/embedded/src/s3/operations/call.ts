import type { Authenticated } from '../../auth/authenticate.ts';
import { S3Error } from '../error.ts';
import type { S3Request } from '../request.ts';
import type { Store } from '../store.ts';

/** A request that was let in, and the state it works on. */
export interface BucketCall {
  readonly request: S3Request;
  readonly auth: Authenticated;
  readonly store: Store;
  readonly bucket: string;
}

export interface ObjectCall extends BucketCall {
  readonly key: string;
}

/** @throws S3Error NoSuchBucket */
export function requireBucket(store: Store, bucket: string): void {
  if (!store.catalog.bucket(bucket)) throw new S3Error('NoSuchBucket', undefined, { BucketName: bucket });
}

/** An integer parameter in a range. @throws S3Error InvalidArgument */
export function integerParam(request: S3Request, name: string, from: number, to: number): number | undefined {
  const value = request.param(name);
  if (value === undefined || value === '') return undefined;
  const number = /^\d{1,10}$/.test(value) ? Number(value) : Number.NaN;
  if (!(number >= from && number <= to)) {
    throw new S3Error('InvalidArgument', `Argument ${name} must be an integer between ${from} and ${to}`, {
      ArgumentName: name,
      ArgumentValue: value,
    });
  }
  return number;
}
