export { replaceFile, syncFolder } from './disk/files.ts';
export type { DeadLetter, EventListener } from './events/delivery.ts';
export {
  type EventFilter,
  encodeKey,
  recordKey,
  type S3EventNotification,
  type S3EventRecord,
} from './events/notification.ts';
export { closeServer, listen } from './listen.ts';
export type { ExpiryRule } from './s3/expiry.ts';
export { sdkVariables } from './sdk-variables.ts';
export { type EmbeddedOptions, type EmbeddedStores, startEmbedded } from './start.ts';
export { StartupError } from './startup-error.ts';
