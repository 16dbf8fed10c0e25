export { type CredentialName, credentialNames, type LocalCredentials } from './credentials.ts';
export { bringToFunction, type QueueEvent, type QueueFunction, type QueueResult } from './queue-event.ts';
export { type LocalOptions, type LocalServer, startLocal } from './start.ts';
