import type { ObjectChange } from '../s3/store.ts';

/** One record of S3's event notification ("Event message structure" in the S3 user guide), version 2.1. */
export interface S3EventRecord {
  readonly eventVersion: '2.1';
  readonly eventSource: 'aws:s3';
  readonly awsRegion: string;
  /** ISO 8601, UTC. */
  readonly eventTime: string;
  readonly eventName: ObjectChange['kind'];
  readonly s3: {
    readonly s3SchemaVersion: '1.0';
    readonly bucket: { readonly name: string; readonly arn: string };
    readonly object: {
      /** Form-encoded: percent escapes, and `+` for a space. */
      readonly key: string;
      readonly size?: number;
      readonly eTag?: string;
      /** Hex of one length; of two events on a key the later one has the greater. */
      readonly sequencer: string;
    };
  };
}

export interface S3EventNotification {
  readonly Records: readonly S3EventRecord[];
}

/** Which objects' events are wanted. */
export interface EventFilter {
  readonly bucket: string;
  /** Every key if absent. */
  readonly prefix?: string;
}

/** A key as events have it: form-encoded, slashes as they are. */
export const encodeKey = (key: string) =>
  encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/');

export function notification(change: ObjectChange, region: string): S3EventNotification {
  const { bucket, key, size, etag, sequencer } = change;
  return {
    Records: [
      {
        eventVersion: '2.1',
        eventSource: 'aws:s3',
        awsRegion: region,
        eventTime: change.time.toISOString(),
        eventName: change.kind,
        s3: {
          s3SchemaVersion: '1.0',
          bucket: { name: bucket, arn: `arn:aws:s3:::${bucket}` },
          object: {
            key: encodeKey(key),
            ...(size !== undefined && { size }),
            ...(etag !== undefined && { eTag: etag }),
            sequencer,
          },
        },
      },
    ],
  };
}

/** The key of a record, decoded. */
export function recordKey(record: S3EventRecord): string {
  return decodeURIComponent(record.s3.object.key.replaceAll('+', ' '));
}

export function isWanted(filter: EventFilter, bucket: string, key: string): boolean {
  return bucket === filter.bucket && key.startsWith(filter.prefix ?? '');
}
