import type { Settings } from './settings.ts';

/** The tables and buckets, closed to everyone but the functions that name them. */
export interface Storage {
  /** Face sets, faces, change logs. */
  readonly data: sst.aws.Dynamo;
  /** Domains, users, projects, access keys. */
  readonly accounts: sst.aws.Dynamo;
  /** Counters of requests and of failed logins, last uses of API tokens; every function adds to it, none reads faces from it. */
  readonly limits: sst.aws.Dynamo;
  /** Segments of the search index. */
  readonly index: sst.aws.Bucket;
  /** `image_url`, uploads and enrolment by upload. */
  readonly media: sst.aws.Bucket;
  /** Names of the deployer's other buckets that `image_url` may name. */
  readonly otherMedia: readonly string[];
}

export function storage({ mediaBuckets }: Settings): Storage {
  return {
    data: table('Data', true),
    accounts: table('Accounts', true),
    limits: table('Limits', false),
    index: bucket('Index', [{ id: 'unfinished', prefix: '', abortAfterDays: 1 }], false),
    media: bucket(
      'Media',
      [
        { id: 'uploads', prefix: 'uploads/', expireAfterDays: 1 },
        { id: 'unfinished', prefix: '', abortAfterDays: 1 },
      ],
      // The form of `upload-create` may be sent by a page of any origin; it is signed, and nothing else is asked for.
      { allowMethods: ['POST'], allowOrigins: ['*'], allowHeaders: ['*'] },
    ),
    otherMedia: mediaBuckets,
  };
}

/** On demand, with a time to live; recovery to any second of the last 35 days where the data can't be rebuilt. */
function table(name: string, recoverable: boolean): sst.aws.Dynamo {
  return new sst.aws.Dynamo(name, {
    fields: { pk: 'string', sk: 'string' },
    primaryIndex: { hashKey: 'pk', rangeKey: 'sk' },
    ttl: 'expires',
    deletionProtection: $app.protect === true,
    transform: {
      table: {
        billingMode: 'PAY_PER_REQUEST',
        pointInTimeRecovery: { enabled: recoverable },
        serverSideEncryption: { enabled: true },
      },
    },
  });
}

interface LifecycleRule {
  readonly id: string;
  readonly prefix: string;
  readonly expireAfterDays?: number;
  readonly abortAfterDays?: number;
}

/** Private (public access blocked), TLS only (SST's `enforceHttps`), encrypted at rest. */
function bucket(
  name: string,
  rules: readonly LifecycleRule[],
  cors: NonNullable<sst.aws.BucketArgs['cors']>,
): sst.aws.Bucket {
  const made = new sst.aws.Bucket(name, { enforceHttps: true, cors });
  new aws.s3.BucketServerSideEncryptionConfiguration(`${name}Encryption`, {
    bucket: made.name,
    rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }],
  });
  new aws.s3.BucketLifecycleConfiguration(`${name}Lifecycle`, {
    bucket: made.name,
    rules: rules.map((rule) => ({
      id: rule.id,
      status: 'Enabled',
      filter: { prefix: rule.prefix },
      ...(rule.expireAfterDays === undefined ? {} : { expiration: { days: rule.expireAfterDays } }),
      ...(rule.abortAfterDays === undefined
        ? {}
        : { abortIncompleteMultipartUpload: { daysAfterInitiation: rule.abortAfterDays } }),
    })),
  });
  return made;
}
