import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { S3Client } from '@aws-sdk/client-s3';
import { type Database, openDatabase } from '../dynamodb/table.ts';
import { type SegmentObjects, segmentObjects } from './segments/segment-objects.ts';

/**
 * The moments between two steps of a write, by name. A test may throw, wait or end the process there; the store must
 * be whole again after each of them.
 */
export const stepNames = [
  'create:item',
  'create:entered',
  'remove:gone',
  'remove:trashed',
  'add:reserved',
  'add:claimed',
  'add:face',
  'add:written',
  'add:ended',
  'change:begun',
  'change:logged',
  'change:face',
  'change:applied',
  'change:ended',
  'settle:begun',
  'settle:fenced',
  'settle:undone',
  'import:noted',
  'import:batch',
  'compact:synced',
  'compact:written',
  'compact:switched',
  'compact:cleared',
  'purge:faces',
  'purge:segments',
  'purge:item',
] as const;
export type StepName = (typeof stepNames)[number];

/** What may need doing behind a write; the local server does it in the background, the cloud by a queue. */
export type Chore =
  | {
      readonly kind: 'compact';
      readonly projectId: string;
      readonly name: string;
      readonly setId: string;
      /** Segments found to be missing or damaged. */
      readonly lost?: readonly string[];
    }
  | { readonly kind: 'purge'; readonly projectId: string; readonly setId: string };

/** What all parts of the store share. */
export interface Store {
  readonly database: Database;
  readonly segments: SegmentObjects;
  /** Milliseconds since 1970. */
  now(): number;
  step(name: StepName): void | Promise<void>;
  chore(chore: Chore): void | Promise<void>;
  /** Tells the operator of something that was got over. */
  warn(message: string, error: unknown): void;
  readonly limits: Limits;
}

export interface Limits {
  /** An operation in flight for longer is taken for dead and settled by others. Wrong guesses are harmless. */
  readonly staleAfterMs: number;
  /** What may still be read or written by a slow process is kept for that long: old segments, tombstones, deleted sets' items. */
  readonly graceMs: number;
  /** Bytes of memory for vectors and columns, of all sets together. */
  readonly cacheBytes: number;
  /** Faces in a segment, at most. */
  readonly segmentRows: number;
  /** Faces outside of segments that make a compaction worth while: a first search reads them from the records, some ten times slower. */
  readonly tailRows: number;
  /** Changes in the log that make a compaction worth while. */
  readonly logChanges: number;
}

export const defaultLimits: Limits = {
  staleAfterMs: 30_000,
  graceMs: 10 * 60_000,
  cacheBytes: 512 * 2 ** 20,
  segmentRows: 65_536,
  tailRows: 256,
  logChanges: 2000,
};

export interface StoreOptions {
  readonly dynamodb: DynamoDBClient;
  readonly s3: S3Client;
  /** The data table's name. */
  readonly table: string;
  /** The bucket of the segments. */
  readonly bucket: string;
  readonly limits?: Partial<Limits>;
  /** Told what may need doing behind a write. */
  readonly onChore?: (chore: Chore) => void | Promise<void>;
  /** Told of faults that were got over; `console.warn` by default. */
  readonly onWarning?: (message: string, error: unknown) => void;
  readonly now?: () => number;
  /** Called between the steps of writes, by tests of faults. */
  readonly step?: (name: StepName) => void | Promise<void>;
}

/** Opens the store of face sets; nothing is read or written yet. */
export function openStore(options: StoreOptions): Store {
  const { dynamodb, s3, table, bucket, limits, onChore, onWarning, now, step } = options;
  return {
    database: openDatabase(dynamodb, table),
    segments: segmentObjects(s3, bucket),
    now: now ?? Date.now,
    step: step ?? (() => undefined),
    chore: onChore ?? (() => undefined),
    warn: onWarning ?? console.warn,
    limits: { ...defaultLimits, ...limits },
  };
}
