import type { Credentials } from './auth/credentials.ts';
import type { EventFilter, S3EventNotification } from './events/notification.ts';
import type { StoresLine } from './log.ts';
import type { ExpiryRule } from './s3/expiry.ts';

/** What the thread of the stores is started with. */
export interface StoresConfig {
  readonly dir: string;
  /** Something tells that the stores were filled before. */
  readonly held: boolean;
  /** A write is acknowledged when it is on the disk. */
  readonly flush: boolean;
  /** But for writes to these tables. */
  readonly counters: readonly string[];
  readonly dynamodbPort: number;
  readonly s3Port: number;
  readonly credentials: Credentials;
  /** Events of these objects are queued. */
  readonly filters: readonly EventFilter[];
  readonly expiry: readonly ExpiryRule[];
}

/** From the thread to the process. */
export type FromStores =
  | { readonly kind: 'ready'; readonly dynamodbPort: number; readonly s3Port: number }
  | { readonly kind: 'failed'; readonly message: string }
  /** Why nothing can be written, or that it can be again. */
  | { readonly kind: 'storage'; readonly reason: string | undefined }
  | { readonly kind: 'event'; readonly id: string; readonly event: S3EventNotification }
  | { readonly kind: 'log'; readonly line: StoresLine }
  | { readonly kind: 'filters-set' }
  | { readonly kind: 'stopped' };

/** From the process to the thread. */
export type ToStores =
  | { readonly kind: 'filters'; readonly filters: readonly EventFilter[] }
  | { readonly kind: 'acknowledge'; readonly id: string }
  | { readonly kind: 'stop' };
