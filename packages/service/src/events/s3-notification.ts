import type { Upload } from '@openfrs/core';
import * as z from 'zod';

/** What is read of an S3 event notification; `s3:TestEvent`, which S3 sends when a notification is set up, has no records. */
const notification = z.object({
  Records: z
    .array(
      z.object({
        eventName: z.string(),
        eventTime: z.iso.datetime({ offset: true }).optional().catch(undefined),
        s3: z.object({
          bucket: z.object({ name: z.string() }),
          object: z.object({ key: z.string(), eTag: z.string().optional(), sequencer: z.string() }),
        }),
      }),
    )
    .default([]),
});

export interface ObjectEvent {
  readonly kind: 'put' | 'removed';
  readonly upload: Upload;
  /** When it happened, where the notification says so. */
  readonly at?: Date;
}

/** A key that is encoded otherwise is taken as it stands: its object leaves a line in the log, too. */
function decoded(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    return key;
  }
}

/** The objects of a notification, their keys decoded (S3 encodes them as a form does). */
export function objectEvents(body: unknown): ObjectEvent[] {
  return notification
    .parse(body)
    .Records.flatMap(({ eventName, eventTime, s3: { bucket, object } }): ObjectEvent[] => {
      const upload: Upload = {
        bucket: bucket.name,
        key: decoded(object.key),
        version: object.sequencer,
        ...(object.eTag === undefined ? {} : { etag: object.eTag }),
      };
      // S3's notifications leave out the `s3:` that the configuration has.
      const name = eventName.replace(/^s3:/, '');
      const at = eventTime === undefined ? {} : { at: new Date(eventTime) };
      if (name.startsWith('ObjectCreated:')) return [{ kind: 'put', upload, ...at }];
      return name.startsWith('ObjectRemoved:') ? [{ kind: 'removed', upload, ...at }] : [];
    });
}
