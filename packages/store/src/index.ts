export { dynamodbAccounts } from './adapters/accounts/accounts.ts';
export { dynamodbChallenges } from './adapters/challenges.ts';
export {
  type DeadLetter,
  dynamodbDeadLetters,
  type StoredDeadLetters,
  sqsDeadLetters,
} from './adapters/dead-letters.ts';
export { dynamodbEnrolments } from './adapters/enrolments.ts';
export { dynamodbLeases, type Lease, type Leases } from './adapters/leases.ts';
export { type ListedObject, listObjects } from './adapters/list-objects.ts';
export { createObjects } from './adapters/media-objects.ts';
export { type ObjectWatch, objectWatch, type SeenObject } from './adapters/object-watch.ts';
export { dynamodbRateLimits } from './adapters/rate-limits/rate-limits.ts';
export { createSqs } from './adapters/sqs.ts';
export { sqsTaskQueue } from './adapters/task-queue.ts';
export { dynamodbTokenUses } from './adapters/token-uses.ts';
export { presignedUploads } from './adapters/uploads.ts';
export { type Backups, createBackups } from './backup/backup.ts';
export { BackupDamaged } from './backup/format.ts';
export { type Restored, RestoreRefused } from './backup/restore-backup.ts';
export { type BackupContents, verifyBackup } from './backup/verify-backup.ts';
export type { LeftOutFace } from './backup/write-backup.ts';
export { isAws } from './dynamodb/aws-endpoint.ts';
export {
  type Clients,
  type ClientsConfig,
  createClients,
  createDynamodb,
  createS3,
  type StoreClients,
} from './dynamodb/clients.ts';
export { type Migrated, type Migration, migrate, schemaVersion } from './dynamodb/migrate.ts';
export {
  createBuckets,
  createTables,
  dataTable,
  missingStores,
  type StoreNames,
  storeNames,
} from './dynamodb/tables.ts';
export { uploadsKept, uploadsRule } from './expiry/expired-uploads.ts';
export { createExpiry, type Expiry } from './expiry/expiry.ts';
export {
  type CropSealing,
  defaultLimits,
  type Failpoint,
  failpoints,
  type Limits,
  type MaintenanceTask,
  type StoreOptions,
} from './face-sets/context.ts';
export { createFaceRecords } from './face-sets/face-records.ts';
export { createFaceSets, type StoredFaceSets } from './face-sets/face-sets.ts';
export type { Compaction, CompactOptions } from './face-sets/maintenance/compact.ts';
export type { OrphanVectors, StoredItems, VectorLocations } from './face-sets/maintenance/erasure-audit.ts';
export { createMaintenance, type Maintenance } from './face-sets/maintenance/maintenance.ts';
export type { SweepReport } from './face-sets/maintenance/sweep.ts';
export type { SetReport } from './face-sets/maintenance/verify-set.ts';
export { ExportDamaged } from './face-sets/transfer/format.ts';
export type { Imported, ImportOptions } from './face-sets/transfer/import.ts';
export type { FaceToReindex, Reindexed, ReindexOptions } from './face-sets/transfer/reindex.ts';
export { createTransfer, type Transfer } from './face-sets/transfer/transfer.ts';
