import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SecretKeys } from '@openfrs/core';
import { log } from '@openfrs/core/observation';
import { LRUCache } from 'lru-cache';
import { openTable, type Table, transactionItems } from '../dynamodb/table.ts';
import type { FaceIds } from './records/face-ids.ts';
import { createLogicalClock, type LogicalClock } from './records/snapshot.ts';
import { type SegmentObjects, segmentObjects } from './segments/segment-objects.ts';

/** Named places between the steps of a write, where a test may throw, wait or end the process: the store must recover. */
export const failpoints = [
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
  'reindex:page',
  'replace:ready',
  'replace:gone',
  'replace:named',
  'restore:batch',
  'restore:manifest',
  'restore:entered',
  'restore:accounts',
] as const;
export type Failpoint = (typeof failpoints)[number];

/** What may need doing behind a write: the server's maintenance worker does it, in the cloud a function behind a queue. */
export type MaintenanceTask =
  | {
      readonly kind: 'compact';
      readonly projectId: string;
      readonly name: string;
      readonly setId: string;
      /** Keys of segments found to be missing or damaged. */
      readonly lost?: readonly string[];
    }
  | { readonly kind: 'purge'; readonly projectId: string; readonly setId: string };

/** What all parts of the store share that work on records. */
export interface RecordContext {
  readonly table: Table;
  /** The face ids of the sets used last, by set id: a set's key never changes. */
  readonly faceIds: LRUCache<string, FaceIds>;
  /** Orders the snapshots of manifests. */
  readonly tick: LogicalClock;
  /** Milliseconds since 1970. */
  now(): number;
  failpoint(name: Failpoint): void | Promise<void>;
  enqueueTask(task: MaintenanceTask): void | Promise<void>;
  /** Tells the operator of a fault that was recovered from. */
  warn(message: string, error: unknown): void;
  readonly limits: Limits;
  /** Absent: no crop is written or read. */
  readonly crops?: CropSealing;
}

/** And those that work on segments. */
export interface StoreContext extends RecordContext {
  readonly segments: SegmentObjects;
}

/** Seals crops of faces and opens them: AES-256-GCM, the context authenticated with them. */
export type CropSealing = Pick<SecretKeys, 'sealCrop' | 'openCrop'>;

export interface Limits {
  /** An operation in flight for longer is taken for dead and recovered by others. Wrong guesses are harmless. */
  readonly staleAfterMs: number;
  /** The grace period: how long what a slow process may still need is kept (segments, tombstones, deleted sets' manifests). */
  readonly graceMs: number;
  /** Bytes of memory for vectors and columns, of all sets together. */
  readonly cacheBytes: number;
  /** Faces in a segment, at most. */
  readonly segmentRows: number;
  /** A tail of so many faces is compacted: a cold search reads them from the records, some ten times slower than from segments. */
  readonly tailRows: number;
  /** A log of so many changes is compacted. */
  readonly logChanges: number;
  /** Faces of a transaction: a delete of so many and more writes in such, at twice the price of single writes and a fraction of the time. */
  readonly transactionFaces: number;
}

export const defaultLimits: Limits = {
  staleAfterMs: 30_000,
  graceMs: 10 * 60_000,
  cacheBytes: 512 * 2 ** 20,
  segmentRows: 65_536,
  tailRows: 256,
  logChanges: 2000,
  transactionFaces: transactionItems,
};

export interface RecordOptions {
  readonly dynamodb: DynamoDBClient;
  /** The data table's name. */
  readonly table: string;
  readonly limits?: Partial<Limits>;
  /** Where crops of faces are kept; absent: they aren't. */
  readonly crops?: CropSealing;
  /** Called with what may need doing behind a write. */
  readonly onTask?: (task: MaintenanceTask) => void | Promise<void>;
  /** Called with faults that were recovered from; written to the log by default. */
  readonly onWarning?: (message: string, error: unknown) => void;
  readonly now?: () => number;
  /** Called at each failpoint, by tests of faults. */
  readonly failpoint?: (name: Failpoint) => void | Promise<void>;
}

export interface StoreOptions extends RecordOptions {
  readonly s3: S3Client;
  /** The bucket of the segments. */
  readonly bucket: string;
}

/** Face ids of so many sets are kept. */
const faceIdsKept = 1000;

/** Opens the records of face sets; nothing is read or written yet. A bundle with nothing else of the store has no S3. */
export function openRecords(options: RecordOptions): RecordContext {
  const { dynamodb, table, limits, crops, onTask, onWarning, now, failpoint } = options;
  return {
    table: openTable(dynamodb, table),
    faceIds: new LRUCache({ max: faceIdsKept }),
    tick: createLogicalClock(),
    now: now ?? Date.now,
    failpoint: failpoint ?? (() => undefined),
    enqueueTask: onTask ?? (() => undefined),
    warn: onWarning ?? ((message, error) => log('warn', message, { error })),
    limits: { ...defaultLimits, ...limits },
    ...(crops && { crops }),
  };
}

/** Opens the whole store of face sets. */
export function openStore(options: StoreOptions): StoreContext {
  return { ...openRecords(options), segments: segmentObjects(options.s3, options.bucket) };
}
