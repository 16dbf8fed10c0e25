import { S3Error } from './error.ts';
import type { S3Request } from './request.ts';

/** Sub-resources of S3 that this server doesn't have. */
const parameters = [
  'accelerate',
  'acl',
  'analytics',
  'attributes',
  'cors',
  'encryption',
  'intelligent-tiering',
  'inventory',
  'legal-hold',
  'lifecycle',
  'logging',
  'metrics',
  'notification',
  'object-lock',
  'ownershipControls',
  'policy',
  'policyStatus',
  'publicAccessBlock',
  'replication',
  'requestPayment',
  'restore',
  'retention',
  'select',
  'tagging',
  'torrent',
  'versionId',
  'versioning',
  'versions',
  'website',
];

/** Headers that ask for what this server doesn't do; a value in the list asks for what it does anyway. */
const headers: Readonly<Record<string, readonly string[]>> = {
  'x-amz-acl': ['private', 'bucket-owner-full-control'],
  'x-amz-bucket-object-lock-enabled': ['false'],
  'x-amz-object-lock-legal-hold': ['OFF'],
  'x-amz-object-lock-mode': [],
  'x-amz-security-token': [],
  'x-amz-server-side-encryption': [],
  'x-amz-server-side-encryption-customer-algorithm': [],
  'x-amz-storage-class': ['STANDARD'],
  'x-amz-tagging': [],
  'x-amz-website-redirect-location': [],
  'x-amz-write-offset-bytes': [],
};

/** Refuses what isn't there, so that nobody takes it for done. @throws S3Error NotImplemented */
export function refuseNotImplemented(request: S3Request): void {
  for (const name of parameters) {
    if (request.param(name) === undefined) continue;
    throw new S3Error('NotImplemented', `?${name} is not implemented.`);
  }
  for (const [name, harmless] of Object.entries(headers)) {
    const value = request.header(name);
    if (value === undefined || harmless.includes(value)) continue;
    throw new S3Error('NotImplemented', `${name}: ${value} is not implemented.`);
  }
}
