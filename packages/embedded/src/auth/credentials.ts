import { createHmac, timingSafeEqual } from 'node:crypto';
import { S3Error } from '../s3/error.ts';

/** The one key pair that the embedded stores know. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
}

/** `<AK>/<yyyymmdd>/<region>/<service>/aws4_request` */
export interface Scope {
  readonly accessKeyId: string;
  readonly day: string;
  readonly region: string;
  readonly service: string;
}

export const algorithm = 'AWS4-HMAC-SHA256';

/** @throws S3Error AuthorizationHeaderMalformed, InvalidAccessKeyId */
export function parseScope(credential: string, service: string, credentials: Credentials): Scope {
  const parts = credential.split('/');
  const [accessKeyId = '', day = '', region = '', scoped = '', end = ''] = parts;
  if (parts.length !== 5 || end !== 'aws4_request' || !/^\d{8}$/.test(day)) {
    throw new S3Error('AuthorizationHeaderMalformed', 'The credential is malformed.');
  }
  if (scoped !== service) {
    throw new S3Error('AuthorizationHeaderMalformed', `The credential's service must be "${service}".`);
  }
  if (region !== credentials.region) {
    const message = `The authorization is malformed; the region '${region}' is wrong; expecting '${credentials.region}'`;
    throw new S3Error('AuthorizationHeaderMalformed', message, { Region: credentials.region });
  }
  if (!sameText(accessKeyId, credentials.accessKeyId)) throw new S3Error('InvalidAccessKeyId');
  return { accessKeyId, day, region, service };
}

/** The signing key of a scope: the chain of four HMACs of Signature Version 4. */
export function signingKey(scope: Scope, secretAccessKey: string): Buffer {
  return [scope.day, scope.region, scope.service, 'aws4_request'].reduce<Buffer>(
    (key, part) => hmac(key, part),
    Buffer.from(`AWS4${secretAccessKey}`),
  );
}

export const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

export const scopeText = (scope: Scope) => `${scope.day}/${scope.region}/${scope.service}/aws4_request`;

/** Equality in a time that depends on the lengths only. */
export function sameText(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
