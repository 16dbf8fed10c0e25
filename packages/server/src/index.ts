export { type CredentialName, credentialNames, type LocalCredentials } from './credentials.ts';
export { type LocalOptions, type LocalServer, startLocal } from './start.ts';
export { workerMemory } from './vision/worker-memory.ts';
