import type { Need } from '@openfrs/contract/operations';
import type { Storage } from './storage.ts';

/** One statement of a function's policy. */
export interface Statement {
  readonly actions: string[];
  readonly resources: $util.Input<string>[];
}

const readItems = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'];
const writeItems = [
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
  'dynamodb:DeleteItem',
  'dynamodb:BatchWriteItem',
];

/** Without it S3 answers 403 for an object that isn't there, and the caller would get the wrong error code. */
export const seeMissing = (bucket: sst.aws.Bucket): Statement => ({
  actions: ['s3:ListBucket'],
  resources: [bucket.arn],
});

/** A bucket by its name, in whatever partition is deployed to: `aws`, `aws-cn` (China), `aws-us-gov`. */
const s3Arn = (bucket: string) => $interpolate`arn:${aws.getPartitionOutput().partition}:s3:::${bucket}`;

/** Sending traces. X-Ray knows no resources: `*` is all that its actions take. */
export const tracePermissions: Statement = {
  actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
  resources: ['*'],
};

/** What the function of every operation may do: know who calls (read accounts) and count the request (update counters). */
export function operationPermissions(storage: Storage): Statement[] {
  return [
    { actions: readItems, resources: [storage.accounts.arn] },
    { actions: ['dynamodb:UpdateItem'], resources: [storage.limits.arn] },
  ];
}

/** The least that one need of an operation takes; nothing here ends in `*` but object keys. */
export function needPermissions(need: Need, storage: Storage): Statement[] {
  const records = storage.data.arn;
  const segments = $interpolate`${storage.index.arn}/segments/*`;
  switch (need) {
    case 'vision':
    case 'video':
    case 'passwords':
      return [];
    case 'media':
      return [
        { actions: ['s3:GetObject'], resources: [$interpolate`${storage.media.arn}/*`] },
        seeMissing(storage.media),
        ...storage.otherMedia.flatMap((name) => [
          { actions: ['s3:GetObject'], resources: [$interpolate`${s3Arn(name)}/*`] },
          { actions: ['s3:ListBucket'], resources: [s3Arn(name)] },
        ]),
      ];
    case 'uploads':
      return [{ actions: ['s3:PutObject'], resources: [$interpolate`${storage.media.arn}/uploads/*`] }];
    case 'challenges':
      return [
        {
          actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
          resources: [records],
        },
      ];
    case 'face-sets:read':
      return [{ actions: readItems, resources: [records] }];
    case 'face-sets:write':
      return [
        {
          actions: [...readItems, ...writeItems],
          resources: [records],
        },
      ];
    case 'faces:read':
      return [
        { actions: readItems, resources: [records] },
        { actions: ['s3:GetObject'], resources: [segments] },
        seeMissing(storage.index),
      ];
    case 'faces:write':
      return [
        { actions: [...readItems, ...writeItems], resources: [records] },
        { actions: ['s3:GetObject'], resources: [segments] },
        seeMissing(storage.index),
      ];
  }
}

/** The compactor and the sweep: they alone write and remove segments. */
export function maintenancePermissions(storage: Storage): Statement[] {
  return [
    { actions: [...readItems, ...writeItems], resources: [storage.data.arn] },
    {
      actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload'],
      resources: [$interpolate`${storage.index.arn}/segments/*`],
    },
    { actions: ['s3:ListBucket'], resources: [storage.index.arn] },
  ];
}
